import { ROLES } from '../../src/security/roles';
import { Issuer } from '../support/issuer';
import { completed, TestService, type Problem } from '../support/service';

type Group = 'everybody' | 'producer' | 'reader' | 'any reader' | 'finance' | 'admin';

/** Every route that Fastify has, and who may call it. A route without a row here fails. */
const ROUTES: Readonly<Record<string, Group>> = {
  'POST /v1/events': 'producer',
  'POST /api/v1/events': 'producer',
  'GET /v1/users/:user_id/usage-summary': 'reader',
  'GET /v1/users/:user_id/usage-history': 'reader',
  'GET /v1/users/:user_id/usage-trend': 'reader',
  'GET /v1/users/:user_id/usage-logs': 'reader',
  'GET /v1/users/:user_id/entitlement': 'reader',
  'GET /v1/users/:user_id/usage-totals': 'reader',
  'GET /v1/users/:user_id/plan': 'reader',
  'GET /v1/users/:user_id/plan-history': 'reader',
  'GET /v1/users': 'finance',
  'GET /v1/sessions': 'finance',
  'GET /v1/usage-logs': 'finance',
  'GET /v1/usage-summaries': 'finance',
  'GET /v1/adjustments': 'finance',
  'GET /v1/audit/writes': 'finance',
  'GET /v1/usage-logs/:id': 'reader',
  'GET /v1/sessions/:session_id': 'reader',
  'GET /v1/audit/pending': 'finance',
  'GET /v1/audit/events': 'finance',
  'GET /v1/audit/leaks': 'finance',
  'GET /v1/audit/bundle': 'finance',
  'GET /v1/audit/export': 'finance',
  'GET /v1/audit/root': 'finance',
  'GET /v1/audit/checkpoint': 'finance',
  'GET /v1/audit/proofs/:index': 'finance',
  'GET /v1/audit/consistency': 'finance',
  'GET /v1/audit/replays': 'finance',
  'POST /v1/audit/replays': 'finance',
  'GET /v1/audit/replays/:id': 'finance',
  'GET /v1/audit/rebuilds': 'finance',
  'POST /v1/audit/rebuilds': 'finance',
  'GET /v1/audit/rebuilds/:id': 'finance',
  'GET /v1/audit/rehearsals': 'finance',
  'POST /v1/audit/rehearsals': 'finance',
  'GET /v1/audit/rehearsals/:id': 'finance',
  'GET /v1/caller': 'any reader',
  'GET /v1/keys': 'admin',
  'POST /v1/keys': 'admin',
  'DELETE /v1/keys/:id': 'admin',
  'POST /v1/users/:user_id/erase': 'admin',
  'GET /v1/webhooks': 'admin',
  'POST /v1/webhooks': 'admin',
  'PATCH /v1/webhooks/:id': 'admin',
  'DELETE /v1/webhooks/:id': 'admin',
  'POST /v1/webhooks/:id/test': 'admin',
  'POST /v1/webhooks/:id/rotate-secret': 'admin',
  'GET /v1/webhooks/:id/deliveries': 'admin',
  'POST /v1/webhooks/:id/deliveries/:delivery_id/redeliver': 'admin',
  'GET /v1/alerts': 'finance',
  'POST /v1/alerts': 'finance',
  'DELETE /v1/alerts/:id': 'finance',
  'GET /v1/audit/reconciliations': 'finance',
  'POST /v1/audit/reconciliations': 'finance',
  'GET /v1/audit/reconciliations/:id': 'finance',
  'GET /v1/audit/reconciliations/:id/items': 'finance',
  'GET /v1/rate-cards': 'finance',
  'POST /v1/rate-cards': 'finance',
  'GET /v1/plans': 'finance',
  'PUT /v1/plans/:plan': 'finance',
  'PUT /v1/users/:user_id/plan': 'finance',
  'PUT /v1/default-plan': 'finance',
  'POST /v1/adjustments': 'finance',
  'POST /v1/sessions/:session_id/void': 'finance',
  'GET /v1/billing-periods': 'finance',
  'POST /v1/billing-periods/:period/close': 'finance',
  'GET /v1/reports/usage': 'finance',
  'GET /metrics': 'everybody',
  'GET /health/live': 'everybody',
  'GET /health/ready': 'everybody',
};
/** Further open routes: the description of the API, and the console's files, to which `/` leads. */
const OPEN = /^(GET|HEAD) \/((docs|console)(\/.*)?|openapi\.json)?$/;

/** What happens to a caller: unknown, known but refused, or let in, whatever the answer is then. */
type Meets = 'unknown' | 'refused' | 'in';

const NOBODY = ['none', 'malformed', 'another ledger', 'expired', 'revoked', 'a foreign token'];
/** The groups of routes that let a caller in. A reader of bob asks for ann's data. */
const LETS_IN: Readonly<Record<string, readonly Group[]>> = {
  producer: ['producer'],
  reader: ['reader', 'any reader'],
  'a reader of bob': ['any reader'],
  finance: ['reader', 'any reader', 'finance'],
  admin: ['reader', 'any reader', 'finance', 'admin'],
  'a token without a role': [],
  "ann's token": ['reader', 'any reader'],
  "bob's token": ['any reader'],
};
/** The roles that a known caller holds, as a refusal names them. */
const HELD: Readonly<Record<string, string>> = {
  producer: 'producer',
  reader: 'reader',
  'a reader of bob': 'reader',
  finance: 'finance',
  admin: 'admin',
  'a token without a role': 'no role',
  "ann's token": 'reader',
  "bob's token": 'reader',
};
/** Who may call a group of routes, as a refusal names them. */
const MAY: Readonly<Partial<Record<Group, string>>> = {
  producer: 'producer',
  reader: 'reader, finance or admin',
  'any reader': 'reader, finance or admin',
  finance: 'finance or admin',
  admin: 'admin',
};
const CALLERS = [...NOBODY, ...Object.keys(LETS_IN)];

describe('every route', () => {
  let service: TestService;
  let issuer: Issuer;
  let keys: Record<string, string | undefined>;
  let now = Date.parse('2026-11-20T00:00:00Z');

  beforeAll(async () => {
    issuer = await Issuer.start();
    const other = await TestService.start();
    await other.close();
    service = await TestService.start({ now: () => now, environment: issuer.environment });
    const made = async (order: object) => {
      const text = JSON.stringify({ name: 'a key', ...order });
      return (await service.post<{ id: string; key: string }>('/v1/keys', 'application/json', text))
        .body;
    };
    const expired = await made({ role: 'admin', expires_at: '2026-11-20T01:00:00Z' });
    const revoked = await made({ role: 'admin' });
    await service.fetch(`/v1/keys/${revoked.id}`, { method: 'DELETE' });
    now += 2 * 3_600_000;
    const { admin } = service.keys;
    // Tokens are judged by the real time, and the service's clock is fixed, so the tokens are long-lived.
    const expires = 10 * 365 * 86_400;
    keys = {
      none: undefined,
      malformed: `${admin.slice(0, -2)}${admin.slice(-1)}${admin.slice(-2, -1)}x`,
      'another ledger': other.keys.admin,
      expired: expired.key,
      revoked: revoked.key,
      'a foreign token': await issuer.token('ann', 'admin', { issuer: 'https://x.test', expires }),
      ...service.keys,
      'a reader of bob': (await made({ role: 'reader', user_id: 'bob' })).key,
      'a token without a role': await issuer.token('ann', [], { expires }),
      "ann's token": await issuer.token('ann', 'reader', { expires }),
      "bob's token": await issuer.token('bob', 'reader', { expires }),
    };
    const { position } = (await service.one(completed({ session_id: 's', user_id: 'ann' }))).body;
    await service.get(`/v1/sessions/s?at_least=${position}`);
  });
  afterAll(async () => {
    await service.close();
    await issuer.stop();
  });

  const routes = () =>
    service.service.routes
      .filter((route) => !OPEN.test(route))
      // Fastify answers HEAD as it answers GET.
      .map((route) => route.replace(/^HEAD /, 'GET '));

  it('is in the table, and the table has no others', () => {
    expect([...new Set(routes())].sort()).toEqual(Object.keys(ROUTES).sort());
  });

  /** The path of a route, with existing names that belong to ann. */
  const pathOf = (route: string) =>
    route
      .slice(route.indexOf(' ') + 1)
      .replace(/^(\/v1\/usage-logs\/):id/, '$1s~1')
      .replace(/:user_id/, 'ann')
      .replace(/:session_id/, 's')
      .replace(/:period/, '2026-10')
      .replace(/:plan/, 'pro')
      .replace(/:index/, '0')
      .replace(/:delivery_id/, 'none')
      .replace(/:id/, '00000000-0000-4000-8000-000000000000');

  /** A refusal names the missing role, unless it keeps another user's data from a reader. */
  const refusalOf = (caller: string, group: Group) =>
    HELD[caller] === 'reader' && group === 'reader'
      ? 'Your key or token does not allow this.'
      : `This needs the role ${MAY[group]}; this key or token has ${HELD[caller]}.`;

  const meets = async (
    method: string,
    path: string,
    caller: string,
    group: Group,
  ): Promise<Meets> => {
    const key = keys[caller];
    const response = await fetch(service.url + path, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(sends(method) ? { 'content-type': 'application/json' } : {}),
      },
      ...(sends(method) ? { body: '{' } : {}),
    });
    const text = await response.text();
    expect(response.status).toBeLessThan(500);
    if (response.status === 401) return 'unknown';
    if (response.status !== 403) return 'in';
    if (method !== 'HEAD') {
      expect(JSON.parse(text) as Problem).toMatchObject({
        code: 'forbidden',
        detail: refusalOf(caller, group),
      });
    }
    return 'refused';
  };

  const sends = (method: string) => ['POST', 'PUT', 'PATCH'].includes(method);

  const expected = (caller: string, group: Group): Meets => {
    if (group === 'everybody') return 'in';
    if (NOBODY.includes(caller)) return 'unknown';
    return LETS_IN[caller]!.includes(group) ? 'in' : 'refused';
  };

  it('is tried with a key of every role', () => {
    expect(ROLES.filter((role) => !(role in LETS_IN) || HELD[role] !== role)).toEqual([]);
  });

  it.each(CALLERS)('answers as the table says: %s', async (caller) => {
    const seen: Record<string, Meets> = {};
    const table: Record<string, Meets> = {};
    for (const route of service.service.routes) {
      const [method = ''] = route.split(' ');
      const group = OPEN.test(route) ? 'everybody' : ROUTES[route.replace(/^HEAD /, 'GET ')];
      if (route.includes('*')) continue;
      table[route] = expected(caller, group!);
      seen[route] = await meets(method, pathOf(route), caller, group!);
    }
    expect(seen).toEqual(table);
  });

  it('tells readers who they are, and a bound reader whose page is theirs', async () => {
    const seen: Record<string, unknown> = {};
    for (const caller of ['reader', 'a reader of bob', 'finance', 'admin', "ann's token"]) {
      seen[caller] = (await service.as(keys[caller]!).get('/v1/caller')).body;
    }
    expect(seen).toEqual({
      reader: { role: 'reader', name: 'initial-reader', user_id: null },
      'a reader of bob': { role: 'reader', name: 'a key', user_id: 'bob' },
      finance: { role: 'finance', name: 'initial-finance', user_id: null },
      admin: { role: 'admin', name: 'initial-admin', user_id: null },
      "ann's token": { role: 'reader', name: 'ann', user_id: 'ann' },
    });
  });

  it("for producers refuses a source that is not the producer's own", async () => {
    const order = JSON.stringify({ role: 'producer', name: 'a', source: 'my/' });
    const { body } = await service.post<{ key: string }>('/v1/keys', 'application/json', order);
    const answer = await service.as(body.key).one(completed({}, { source: 'your/' }));
    expect([answer.status, answer.body.code]).toEqual([403, 'source_not_allowed']);
  });
});
