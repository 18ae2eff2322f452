import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Spectral, type RulesetDefinition } from '@stoplight/spectral-core';
import { oas } from '@stoplight/spectral-rulesets';
import Ajv from 'ajv/dist/2020';

import { ended, type JobAnswer } from '../support/jobs';
import { completed, TestService } from '../support/service';

interface Document {
  readonly paths: Record<
    string,
    Record<string, { responses: Record<string, { content?: Record<string, { schema: object }> }> }>
  >;
  readonly components: { readonly schemas: Record<string, object> };
}

/** Compares the description of the API with the API. */
describe('the OpenAPI document', () => {
  let service: TestService;
  let document: Document;
  const now = Date.parse('2026-11-20T00:00:00Z');
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    document = (await service.get<Document>('/openapi.json')).body;
    ajv.addSchema({ $id: 'api', ...document });
  });
  afterAll(() => service.close());

  /** The differences between an answer and its schema in the document. */
  const mistakes = (path: string, method: string, status: number, body: unknown): unknown => {
    const { responses } = document.paths[path]![method]!;
    const name = responses[status] === undefined ? 'default' : String(status);
    const [type] = Object.keys(responses[name]!.content!);
    const escape = (part: string) =>
      encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
    const place = ['paths', path, method, 'responses', name, 'content', type!, 'schema'];
    const validate = ajv.compile({ $ref: `api#/${place.map(escape).join('/')}` });
    return validate(body) ? undefined : validate.errors;
  };

  it('is sent once to a client that keeps it, and only as JSON', async () => {
    const first = await fetch(`${service.url}/openapi.json`);
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
    const tag = first.headers.get('etag')!;
    const headers = { 'if-none-match': tag };
    const again = await fetch(`${service.url}/openapi.json`, { headers });
    expect([again.status, await again.text(), again.headers.get('etag')]).toEqual([304, '', tag]);
    expect((await fetch(`${service.url}/openapi.yaml`)).status).toBe(404);
  });

  it('follows the recommended rules of Redocly', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const source = JSON.stringify(document);
    const problems = await lintFromString({ source, absoluteRef: 'openapi.json', config });
    expect(
      problems.map(({ ruleId, message, location }) => [ruleId, message, location[0]?.pointer]),
    ).toEqual([]);
  });

  describe('by the recommended rules of Spectral', () => {
    const spectral = new Spectral();
    spectral.setRuleset({ extends: [[oas as unknown as RulesetDefinition, 'recommended']] });
    const findings = async (source: object): Promise<string[]> => {
      const found = await spectral.run(JSON.stringify(source));
      return found.map(({ code, message, path }) => `${code} ${path.join('/')}: ${message}`);
    };

    it('passes', async () => {
      expect(await findings(document)).toEqual([]);
    });

    it('fails without its tags, or with a wrong example', async () => {
      const { get } = document.paths['/v1/plans']!;
      const { 200: answer, ...others } = get!.responses;
      const [type, content] = Object.entries(answer!.content!)[0]!;
      const wrong = { ...answer, content: { [type]: { ...content, example: { items: 3 } } } };
      const operation = { ...get, tags: [], responses: { ...others, 200: wrong } };
      const found = await findings({
        ...document,
        paths: { ...document.paths, '/v1/plans': { get: operation } },
      });
      expect(found.join('\n')).toMatch(/operation-tags/);
      expect(found.join('\n')).toMatch(/oas3-valid-media-example/);
    });
  });

  it('names every existing route, and no others', () => {
    const documented = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(
        (method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    );
    const routes = service.service.routes.filter(
      (route) => !/^HEAD |docs|openapi|metrics|console|^GET \/$/.test(route),
    );
    expect(documented.sort()).toEqual(routes);
  });

  it('describes the answers to producers, readers and finance', async () => {
    const sent = await service.batch([
      completed({ session_id: 'a', user_id: 'ann', speaker_count: 4, confidence_score: 0.5 }),
      completed({ session_id: 'w', user_id: 'ann', attempt: 2 }),
      { ...completed(), type: 'nonsense' },
    ]);
    expect(sent.status).toBe(207);
    expect(mistakes('/v1/events', 'post', 207, sent.body)).toBeUndefined();
    const one = await service.one(completed());
    expect(mistakes('/v1/events', 'post', one.status, one.body)).toBeUndefined();
    const wrong = await service.one({});
    expect(mistakes('/v1/events', 'post', wrong.status, wrong.body)).toBeUndefined();

    const writes: [method: 'POST' | 'PUT', path: string, url: string, body: object][] = [
      [
        'POST',
        '/v1/rate-cards',
        '/v1/rate-cards',
        { currency: 'USD', prices: { default: { amount: 1 } } },
      ],
      ['PUT', '/v1/plans/{plan}', '/v1/plans/team', { minutes: '5' }],
      ['PUT', '/v1/plans/{plan}', '/v1/plans/team', { minutes: '5' }],
      ['PUT', '/v1/users/{user_id}/plan', '/v1/users/ann/plan', { plan: 'team' }],
      ['PUT', '/v1/default-plan', '/v1/default-plan', { plan: 'team' }],
      [
        'POST',
        '/v1/adjustments',
        '/v1/adjustments',
        { user_id: 'ann', period: '2026-10', amount_cents: 5, reason: 'x' },
      ],
      ['POST', '/v1/sessions/{session_id}/void', '/v1/sessions/w/void', { reason: 'x' }],
      ['POST', '/v1/billing-periods/{period}/close', '/v1/billing-periods/2026-10/close', {}],
      ['POST', '/v1/billing-periods/{period}/close', '/v1/billing-periods/2026-11/close', {}],
    ];
    let position = '';
    for (const [method, path, url, body] of writes) {
      const answer = await service.write<{ position: string }>(method, url, body);
      expect([url, mistakes(path, method.toLowerCase(), answer.status, answer.body)]).toEqual([
        url,
        undefined,
      ]);
      position = answer.body.position ?? position;
    }
    await service.one(completed({ session_id: 'p', user_id: 'bob', attempt: 3 }));

    const reads: [path: string, url: string][] = [
      ['/v1/users/{user_id}/usage-summary', '/v1/users/ann/usage-summary?period=2026-10'],
      ['/v1/users/{user_id}/usage-history', '/v1/users/ann/usage-history'],
      [
        '/v1/users/{user_id}/usage-trend',
        '/v1/users/ann/usage-trend?from=2026-10-01T00:00:00Z&to=2026-10-09T00:00:00Z',
      ],
      ['/v1/users/{user_id}/usage-logs', '/v1/users/ann/usage-logs?limit=1'],
      [
        '/v1/users/{user_id}/entitlement',
        '/v1/users/ann/entitlement?export_format=srt&file_size_bytes=1',
      ],
      ['/v1/usage-logs/{id}', '/v1/usage-logs/a~1'],
      ['/v1/usage-logs/{id}', '/v1/usage-logs/nope'],
      ['/v1/sessions/{session_id}', '/v1/sessions/a'],
      ['/v1/sessions/{session_id}', '/v1/sessions/w'],
      ['/v1/users', '/v1/users'],
      ['/v1/users', '/v1/users?search=NN'],
      ['/v1/users/{user_id}/plan', '/v1/users/ann/plan'],
      ['/v1/users/{user_id}/plan-history', '/v1/users/ann/plan-history'],
      ['/v1/users/{user_id}/usage-totals', '/v1/users/ann/usage-totals'],
      ['/v1/users/{user_id}/usage-totals', '/v1/users/nobody/usage-totals'],
      ['/v1/sessions', '/v1/sessions'],
      ['/v1/usage-logs', '/v1/usage-logs'],
      ['/v1/usage-summaries', '/v1/usage-summaries?period=2026-10'],
      ['/v1/adjustments', '/v1/adjustments?user_id=ann'],
      ['/v1/audit/writes', '/v1/audit/writes'],
      ['/v1/audit/pending', '/v1/audit/pending'],
      ['/v1/audit/events', '/v1/audit/events'],
      ['/v1/audit/events', '/v1/audit/events?user_id=ann&session_id=a'],
      ['/v1/audit/leaks', '/v1/audit/leaks'],
      ['/v1/audit/root', '/v1/audit/root'],
      ['/v1/audit/proofs/{index}', '/v1/audit/proofs/0?size=3'],
      ['/v1/audit/proofs/{index}', '/v1/audit/proofs/3?size=3'],
      ['/v1/audit/consistency', '/v1/audit/consistency?first=2'],
      ['/v1/rate-cards', '/v1/rate-cards'],
      ['/v1/plans', '/v1/plans'],
      ['/v1/billing-periods', '/v1/billing-periods'],
      ['/v1/reports/usage', '/v1/reports/usage?period=2026-10'],
      ['/health/live', '/health/live'],
      ['/health/ready', '/health/ready'],
    ];
    for (const [path, url] of reads) {
      const more = url.includes('?') ? '&' : '?';
      const answer = await service.get(
        path.startsWith('/health') ? url : `${url}${more}at_least=${position}`,
      );
      expect([url, mistakes(path, 'get', answer.status, answer.body)]).toEqual([url, undefined]);
    }
  });

  it('describes replays, rehearsals and rebuilds, running and done', async () => {
    const jobs: [kind: 'replays' | 'rehearsals' | 'rebuilds', body: object][] = [
      ['replays', {}],
      ['rebuilds', {}],
      ['replays', { user_id: 'ann', period: '2026-10', as_of: '1' }],
      [
        'rehearsals',
        { rate_cards: [{ currency: 'TWD', prices: { default: { amount: 1 } } }], plans: {} },
      ],
    ];
    for (const [kind, body] of jobs) {
      const path = `/v1/audit/${kind}`;
      const asked = await service.post(path, 'application/json', JSON.stringify(body));
      expect(mistakes(path, 'post', asked.status, asked.body)).toBeUndefined();
      const job = await ended<JobAnswer>(service, kind, body);
      expect(job.status).toBe('done');
      expect(mistakes(`${path}/{id}`, 'get', 200, job)).toBeUndefined();
      const { body: list } = await service.get(path);
      expect(mistakes(path, 'get', 200, list)).toBeUndefined();
    }
  });

  it('describes alerts and webhooks', async () => {
    const send = async (method: string, path: string, url: string, body: object = {}) => {
      const answer = await service.post<{ id: string }>(
        url,
        'application/json',
        JSON.stringify(body),
        {},
        method,
      );
      expect([url, answer.status < 300]).toEqual([url, true]);
      expect([url, mistakes(path, method.toLowerCase(), answer.status, answer.body)]).toEqual([
        url,
        undefined,
      ]);
      return answer.body.id;
    };
    const alert = { name: 'an alert', metric: 'sessions', share_of_limit: '0.8' };
    await send('POST', '/v1/alerts', '/v1/alerts', alert);
    const webhook = {
      url: 'https://8.8.8.8/',
      types: ['minutebook.adjustment.recorded'],
      name: 'a receiver',
    };
    const id = await send('POST', '/v1/webhooks', '/v1/webhooks', webhook);
    const one = `/v1/webhooks/${id}`;
    await send('PATCH', '/v1/webhooks/{id}', one, { enabled: false });
    await send('POST', '/v1/webhooks/{id}/rotate-secret', `${one}/rotate-secret`);
    for (const [path, url] of [
      ['/v1/alerts', '/v1/alerts'],
      ['/v1/webhooks', '/v1/webhooks'],
      ['/v1/webhooks/{id}/deliveries', `${one}/deliveries`],
    ] as const) {
      expect([url, mistakes(path, 'get', 200, (await service.get(url)).body)]).toEqual([
        url,
        undefined,
      ]);
    }
    const refused = await service.post('/v1/alerts', 'application/json', '{}');
    expect(mistakes('/v1/alerts', 'post', refused.status, refused.body)).toBeUndefined();
  });

  it('describes reconciliations, running and done', async () => {
    const path = '/v1/audit/reconciliations';
    const body = {
      provider: 'google',
      period: '2026-10',
      lines: [{ session_id: 'a', duration_seconds: 90, cost: '0.01', currency: 'USD' }],
    };
    const asked = await service.post<{ id: string; status: string }>(
      path,
      'application/json',
      JSON.stringify(body),
    );
    expect(mistakes(path, 'post', asked.status, asked.body)).toBeUndefined();
    let job = asked.body;
    while (job.status !== 'done') job = (await service.get<typeof job>(`${path}/${job.id}`)).body;
    expect(mistakes(`${path}/{id}`, 'get', 200, job)).toBeUndefined();
    const { body: list } = await service.get(path);
    expect(mistakes(path, 'get', 200, list)).toBeUndefined();
    const { body: items } = await service.get(`${path}/${job.id}/items`);
    expect(mistakes(`${path}/{id}/items`, 'get', 200, items)).toBeUndefined();
  });

  it('has a page at /docs that loads everything from this server', async () => {
    const response = await fetch(`${service.service.url}/docs`);
    const html = await response.text();
    expect(response.headers.get('content-type')).toMatch(/text\/html/);
    const parts = [...html.matchAll(/(?:src|href)="([^"#]+)"/g)].map((match) => match[1]!);
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) {
      const url = new URL(part, `${service.service.url}/docs`);
      expect(url.origin).toBe(service.service.url);
      expect((await fetch(url)).status).toBe(200);
    }
  });
});
