import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import type { Role } from '../../src/security/roles';
import { ended } from '../support/jobs';
import { completed, TestService, type Problem } from '../support/service';

interface Made {
  readonly id: string;
  readonly key: string;
}
interface Listed {
  readonly items: readonly (Record<string, unknown> & { readonly id: string })[];
  readonly next_cursor: string | null;
}

const ROLES: readonly Role[] = ['producer', 'reader', 'finance', 'admin'];

describe('API keys', () => {
  let service: TestService;
  const now = Date.parse('2026-11-20T00:00:00Z');
  beforeAll(async () => (service = await TestService.start({ now: () => now })));
  afterAll(() => service.close());

  const post = (body: object) =>
    service.post<Made & Problem>('/v1/keys', 'application/json', JSON.stringify(body));
  const make = async (role: Role, more: object = {}) => {
    const { status, body } = await post({ role, name: `a ${role}`, ...more });
    expect(status).toBe(201);
    return body;
  };
  /** The service as the holder of one key sees it. */
  const as = (key: string) => service.as(key);
  const remove = (id: string) => service.fetch(`/v1/keys/${id}`, { method: 'DELETE' });

  it('are made at the first start, one per role, in a file that only its owner can read', async () => {
    const file = join(service.dataDir, 'initial-keys.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const keys = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
    expect(Object.keys(keys)).toEqual(ROLES);
    const { body } = await service.get<Listed>('/v1/keys');
    expect(body.items.map(({ role, name }) => `${String(role)}: ${String(name)}`).sort()).toEqual(
      ROLES.map((role) => `${role}: initial-${role}`).sort(),
    );
  });

  it('are shown once, and never stored', async () => {
    const made = await make('producer', { source: 'my/', expires_at: '2099-01-01T08:00:00+08:00' });
    expect(made).toEqual({
      id: expect.stringMatching(/^key_/) as unknown,
      role: 'producer',
      name: 'a producer',
      source: 'my/',
      user_id: null,
      expires_at: '2099-01-01T00:00:00.000Z',
      created_at: '2026-11-20T00:00:00.000Z',
      last_used_on: null,
      revoked_at: null,
      key: expect.stringMatching(/^mb_producer_[0-9A-Za-z]{49}$/) as unknown,
      position: '1',
    });
    const list = await service.get('/v1/keys?limit=500');
    expect(JSON.stringify(list.body)).not.toContain(made.key);
    for (const name of readdirSync(service.dataDir)) {
      const path = join(service.dataDir, name);
      if (!statSync(path).isFile()) continue;
      expect(readFileSync(path).includes(made.key)).toBe(false);
    }
  });

  it.each([
    [{ name: 'a' }, '/role', 'missing_field'],
    [{ role: 'root', name: 'a' }, '/role', 'invalid_field'],
    [{ role: 'reader' }, '/name', 'missing_field'],
    [{ role: 'reader', name: 'a\n' }, '/name', 'invalid_field'],
    [{ role: 'reader', name: 'a', source: 'x' }, '/source', 'invalid_field'],
    [{ role: 'admin', name: 'a', source: 'x' }, '/source', 'invalid_field'],
    [{ role: 'producer', name: 'a', user_id: 'ann' }, '/user_id', 'invalid_field'],
    [{ role: 'finance', name: 'a', user_id: 'ann' }, '/user_id', 'invalid_field'],
    [{ role: 'reader', name: 'a', user_id: '..' }, '/user_id', 'invalid_field'],
    [
      { role: 'reader', name: 'a', expires_at: '2026-11-20T00:00:00Z' },
      '/expires_at',
      'invalid_field',
    ],
    [{ role: 'reader', name: 'a', expires_at: 'tomorrow' }, '/expires_at', 'invalid_field'],
    [{ role: 'reader', name: 'a', key: 'mb_x' }, '/key', 'unknown_field'],
  ])('are refused for %j: %s is %s', async (order, pointer, code) => {
    const { status, body } = await post(order);
    expect([status, body.code, body.pointer]).toEqual([422, code, pointer]);
    expect(body.detail).toContain(pointer.slice(1) === 'key' ? 'no such field' : pointer.slice(1));
  });

  it('are refused from the moment when they are revoked, and stay in the list', async () => {
    const { id, key } = await make('reader');
    expect((await as(key).get('/v1/users/ann/usage-summary')).status).toBe(200);
    const removed = await remove(id);
    expect(removed.status).toBe(204);
    expect(removed.headers.get('minutebook-position')).toBe('1');
    const { status, body } = await as(key).get<Problem>('/v1/users/ann/usage-summary');
    expect([status, body.code]).toEqual([401, 'unauthorized']);
    expect(body.detail).toContain('revoked');
    expect((await remove(id)).status).toBe(204);
    const { items } = (await service.get<Listed>('/v1/keys?limit=500')).body;
    expect(items.find((one) => one.id === id)).toMatchObject({
      revoked_at: '2026-11-20T00:00:00.000Z',
    });
  });

  it('cannot be revoked if they do not exist, nor can the last admin key', async () => {
    expect((await remove('key_none')).status).toBe(404);
    expect((await remove('no-id')).status).toBe(400);
    const { items } = (await service.get<Listed>('/v1/keys?limit=500')).body;
    const [admin] = items.filter((one) => one['role'] === 'admin');
    const refused = await remove(admin!.id);
    expect(refused.status).toBe(409);
    expect(await refused.json()).toMatchObject({ code: 'last_admin_key' });
    const other = await make('admin');
    expect((await remove(other.id)).status).toBe(204);
    expect((await remove(admin!.id)).status).toBe(409);
  });

  it('are refused with the reason', async () => {
    const key = service.keys.reader;
    const wrong = [
      [undefined, 'needs an API key', 'Bearer'],
      ['', 'needs an API key', 'Bearer'],
      [`Basic ${key}`, 'needs an API key', 'Bearer'],
      [`Bearer ${key.slice(0, -1)}`, 'mistyped', 'Bearer error="invalid_token"'],
      [
        `Bearer ${key.slice(0, -1)}${key.endsWith('a') ? 'b' : 'a'}`,
        'mistyped',
        'Bearer error="invalid_token"',
      ],
    ] as const;
    for (const [authorization, says, asks] of wrong) {
      const answer = await fetch(`${service.url}/v1/users/ann/usage-summary`, {
        headers: authorization === undefined ? {} : { authorization },
      });
      expect(answer.status).toBe(401);
      expect(answer.headers.get('www-authenticate')).toBe(asks);
      expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(((await answer.json()) as Problem).detail).toContain(says);
    }
    expect((await as(key).get('/v1/users/ann/usage-summary')).status).toBe(200);
  });

  it('are checked before a body is read', async () => {
    const answer = await fetch(`${service.url}/v1/events`, { method: 'POST', body: '{' });
    expect(answer.status).toBe(401);
    const reader = await as(service.keys.reader).post<Problem>('/v1/events', undefined, '{');
    expect([reader.status, reader.body.code]).toEqual([403, 'forbidden']);
  });

  it('allow a producer the sources that begin with its own, checked after validity and before reuse', async () => {
    const { key } = await make('producer', { source: 'my/' });
    const worker = as(key);
    const mine = completed({}, { source: 'my/worker' });
    expect((await worker.one(mine)).status).toBe(201);
    const foreign = completed({}, { source: 'your/worker' });
    const refused = await worker.one(foreign);
    expect([refused.status, refused.body.code, refused.body.pointer]).toEqual([
      403,
      'source_not_allowed',
      '/source',
    ]);
    await service.one(foreign);
    const { status, body } = await worker.batch([
      { ...foreign, time: 'never' },
      { ...foreign, time: '2026-10-06T10:00:00Z' },
      completed({ attempt: 0 }, { source: 'your/worker' }),
      completed({}, { source: 'MY/worker' }),
      completed({}, { source: 'my/' }),
      mine,
    ]);
    expect(status).toBe(207);
    expect(body.results.map((one) => one.code ?? one.status)).toEqual([
      'invalid_attribute',
      'source_not_allowed',
      'invalid_field',
      'source_not_allowed',
      'recorded',
      'duplicate',
    ]);
  });

  it('name the author of what finance writes', async () => {
    const { position } = (await service.one(completed({ session_id: 'authored' }))).body;
    const { key } = await make('finance', { name: 'Märia, of finance' });
    const order = { user_id: 'ann', period: '2026-10', amount_cents: 5, reason: 'x' };
    const adjusted = await as(key).write('POST', '/v1/adjustments', order);
    expect(adjusted.body).toMatchObject({ author: 'Märia, of finance' });
    await as(key).write('POST', '/v1/sessions/authored/void', { reason: 'x' });
    const { body } = await service.get(`/v1/audit/events?session_id=authored&after=${position}`);
    expect(JSON.stringify(body)).toContain('Märia, of finance');
  });

  it('record the day of their last use', async () => {
    const { id, key } = await make('reader');
    await as(key).get('/v1/users/ann/usage-summary');
    for (let tries = 0; ; tries += 1) {
      const { items } = (await service.get<Listed>('/v1/keys?limit=500')).body;
      const day = items.find((one) => one.id === id)!['last_used_on'];
      if (day === '2026-11-20') break;
      expect(tries).toBeLessThan(100);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('bind cursors to the caller and the list that they were issued for', async () => {
    const last = await service.batch(
      Array.from({ length: 3 }, () => completed({ user_id: 'cur' })),
    );
    await service.one(completed({ user_id: 'other' }));
    const [one, other] = [as((await make('finance')).key), as((await make('finance')).key)];
    const path = '/v1/users/cur/usage-logs?limit=1';
    const { body } = await one.get<Listed>(`${path}&at_least=${last.body.position}`);
    const cursor = encodeURIComponent(body.next_cursor!);
    expect((await one.get(`${path}&cursor=${cursor}`)).status).toBe(200);
    for (const [asking, where] of [
      [other, path],
      [one, '/v1/users/other/usage-logs?limit=1'],
      [one, '/v1/rate-cards?limit=1'],
    ] as const) {
      const refused = await asking.get<Problem>(`${where}&cursor=${cursor}`);
      expect([refused.status, refused.body.code]).toEqual([400, 'invalid_cursor']);
    }
    const made = `${Buffer.from('["x","y",1]').toString('base64url')}.${'A'.repeat(22)}`;
    expect((await one.get(`${path}&cursor=${made}`)).status).toBe(400);
  });

  it('keep replays, rehearsals and rebuilds private to their caller', async () => {
    const [one, other] = [as((await make('finance')).key), as((await make('finance')).key)];
    for (const kind of ['replays', 'rehearsals', 'rebuilds'] as const) {
      const drafts = { rate_cards: [{ currency: 'TWD', prices: { default: { amount: '1' } } }] };
      const { id } = await ended(one, kind, kind === 'rehearsals' ? drafts : {});
      const path = `/v1/audit/${kind}`;
      expect((await one.get(`${path}/${id}`)).status).toBe(200);
      const [refused, none] = [
        await other.get(`${path}/${id}`),
        await other.get(`${path}/00000000-0000-4000-8000-000000000000`),
      ];
      expect(refused).toEqual(none);
      expect(refused.status).toBe(404);
      expect((await other.get<Listed>(path)).body.items).toEqual([]);
      expect((await one.get<Listed>(path)).body.items).toHaveLength(1);
    }
  });
});

describe('a reader bound to a user', () => {
  let service: TestService;
  let ann: ReturnType<TestService['as']>;
  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-11-20T00:00:00Z') });
    const { body } = await service.batch([
      completed({ session_id: 'anns', user_id: 'ann' }),
      completed({ session_id: 'anns-2', user_id: 'ann' }),
      completed({ session_id: 'bobs', user_id: 'bob' }),
    ]);
    const order = JSON.stringify({ role: 'reader', name: 'ann', user_id: 'ann' });
    const made = await service.post<Made>('/v1/keys', 'application/json', order);
    ann = service.as(made.body.key);
    await service.get(`/v1/sessions/bobs?at_least=${body.position}`);
  });
  afterAll(() => service.close());

  it.each([
    '/v1/users/ann/usage-summary?period=2026-10',
    '/v1/users/ann/usage-history',
    '/v1/users/ann/usage-trend?from=2026-10-01T00:00:00Z&to=2026-10-09T00:00:00Z',
    '/v1/users/ann/usage-logs',
    '/v1/users/ann/entitlement',
    '/v1/usage-logs/anns~1',
    '/v1/usage-logs/anns~1?as_of=2',
    '/v1/sessions/anns',
    '/v1/users/%61nn/usage-summary',
  ])('sees %s', async (path) => {
    expect((await ann.get(path)).status).toBe(200);
  });

  it('sees nothing of the user to whom a session belonged before it was voided', async () => {
    await service.one(completed({ session_id: 'moved', user_id: 'bob' }));
    await service.write('POST', '/v1/sessions/moved/void', { reason: "Ann's, not Bob's" });
    const { body } = await service.one(completed({ session_id: 'moved', user_id: 'ann' }));
    const path = `/v1/usage-logs/moved~1~1?at_least=${body.position}`;
    interface Told {
      readonly explanation: { readonly events: readonly { readonly type: string }[] };
    }
    const all = await service.get<Told>(path);
    expect(all.body.explanation.events.map(({ type }) => type)).toEqual([
      'transcription.session.completed',
      'session.voided',
      'transcription.session.completed',
    ]);
    const own = await ann.get<Told>(path);
    expect(own.body.explanation).toMatchObject({
      events: [{ type: 'transcription.session.completed', position: body.position }],
      events_complete: true,
    });
    const session = await ann.get('/v1/sessions/moved');
    for (const seen of [own, session]) expect(JSON.stringify(seen)).not.toMatch(/bob/i);
  });

  it('gets the same refusal for every cursor that is not theirs', async () => {
    const { body } = await service.get<Listed>('/v1/users/ann/usage-logs?limit=1');
    const foreign = encodeURIComponent(body.next_cursor!);
    for (const cursor of [foreign, 'nonsense', `${'A'.repeat(8)}.${'A'.repeat(22)}`]) {
      const { status, body: problem } = await ann.get<Problem>(
        `/v1/users/ann/usage-logs?cursor=${cursor}`,
      );
      expect([status, problem.detail]).toEqual([403, 'Your key or token does not allow this.']);
    }
    const own = await ann.get<Listed>('/v1/users/ann/usage-logs?limit=1');
    const cursor = encodeURIComponent(own.body.next_cursor!);
    expect((await ann.get(`/v1/users/ann/usage-logs?cursor=${cursor}`)).status).toBe(200);
  });

  it.each([
    '/v1/users/bob/usage-summary',
    '/v1/users/nobody/usage-summary',
    '/v1/users/bob/usage-summary?period=nonsense',
    '/v1/users/bob/usage-summary?at_least=9007199254740991',
    '/v1/users/a%2Fb/usage-logs',
    '/v1/users/bob/usage-logs?cursor=nonsense',
    '/v1/users/ann%20/usage-summary',
    '/v1/users/ANN/entitlement',
    '/v1/usage-logs/bobs~1',
    '/v1/usage-logs/none~1',
    '/v1/usage-logs/bobs~1?as_of=4',
    '/v1/usage-logs/bobs~1?as_of=2',
    '/v1/sessions/bobs',
    '/v1/sessions/none',
    '/v1/sessions/bobs?as_of=2',
  ])('gets the same refusal for %s', async (path) => {
    expect(await ann.get(path)).toEqual({
      status: 403,
      body: {
        type: 'about:blank',
        title: 'forbidden',
        status: 403,
        code: 'forbidden',
        detail: 'Your key or token does not allow this.',
      },
    });
  });

  it.each([
    ['/v1/audit/pending', 'finance or admin'],
    ['/v1/audit/events?user_id=bob', 'finance or admin'],
    ['/v1/audit/events?user_id=nobody', 'finance or admin'],
    ['/v1/keys', 'admin'],
  ])('is told for %s which role it needs, and nothing about what exists', async (path, roles) => {
    expect(await ann.get(path)).toEqual({
      status: 403,
      body: {
        type: 'about:blank',
        title: 'forbidden',
        status: 403,
        code: 'forbidden',
        detail: `This needs the role ${roles}; this key or token has reader.`,
      },
    });
  });
});
