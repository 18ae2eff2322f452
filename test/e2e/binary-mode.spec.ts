import { request } from 'node:http';

import {
  BATCH,
  completed,
  STRUCTURED,
  TestService,
  type Answer,
  type Problem,
} from '../support/service';

/** How headers follow CloudEvents' HTTP binding, and what happens to an event under another mode's content type. */
describe('binary mode', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  /** Sends headers unchanged: names and values in turn. */
  const post = (headers: readonly string[], body: unknown, type = 'application/json') =>
    new Promise<{ status: number; body: Answer & Problem }>((resolve, reject) => {
      const text = Buffer.from(JSON.stringify(body));
      const { port } = new URL(service.url);
      const all = [
        ...headers,
        'host',
        'x',
        'authorization',
        `Bearer ${service.keys.producer}`,
        'content-type',
        type,
        'content-length',
        String(text.length),
      ];
      const sent = request(
        { port, method: 'POST', path: '/v1/events', headers: all },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => {
            const answer = JSON.parse(Buffer.concat(chunks).toString()) as Answer & Problem;
            resolve({ status: response.statusCode!, body: answer });
          });
        },
      );
      sent.on('error', reject);
      sent.end(text);
    });

  const headersOf = (id: string, more: Readonly<Record<string, string>> = {}) =>
    Object.entries({
      'ce-specversion': '1.0',
      'ce-type': 'transcription.session.completed',
      'ce-source': '/w',
      'ce-time': '2026-10-06T10:00:00Z',
      'ce-id': id,
      ...more,
    }).flat();
  const dataOf = (session_id: string) => completed({ session_id })['data'];

  it('removes quotes from a value before percent-decoding it', async () => {
    const quoted = await post(headersOf('"q7"', { 'ce-specversion': '"1.0"' }), dataOf('q7'));
    expect(quoted).toMatchObject({ status: 201, body: { results: [{ id: 'q7' }] } });
    const plain = await post(headersOf('q7'), dataOf('q7'));
    expect(plain).toMatchObject({ status: 200, body: { results: [{ status: 'duplicate' }] } });
  });

  it.each([
    ['"a \\"b\\" \\\\ c"', 'a "b" \\ c'],
    ['"a%20b%22"', 'a b"'],
    ['%22a%22', '"a"'],
    ['"a" and "b"', '"a" and "b"'],
    ['"a', '"a'],
    ['a"b', 'a"b'],
  ])('reads %s as %s', async (value, id) => {
    const { status, body } = await post(headersOf(value), dataOf(`quoted-${Math.random()}`));
    expect([status, body.results[0]!.id]).toEqual([201, id]);
  });

  it('refuses a repeated attribute, in any case, and does not join the two values', async () => {
    for (const name of ['ce-id', 'CE-ID', 'ce-traceparent']) {
      const headers = [...headersOf('twice', { 'ce-traceparent': '1' }), name, 'again'];
      const { status, body } = await post(headers, dataOf('twice'));
      expect([status, body.code]).toEqual([422, 'invalid_attribute']);
      expect(body.pointer).toBe(`/${name.slice(3).toLowerCase()}`);
    }
  });

  it('accepts as many large extension attributes as fit into 256 KiB of headers', async () => {
    const names = Array.from({ length: 26 }, (_, at) => `ext${String.fromCharCode(97 + at)}`);
    const extensions = Object.fromEntries(names.map((name) => [name, '字'.repeat(1_024)]));
    const headers = Object.fromEntries(
      names.map((name) => [`ce-${name}`, encodeURIComponent('字'.repeat(1_024))]),
    );
    const data = dataOf('large');
    expect((await post(headersOf('large', headers), data)).status).toBe(201);
    const structured = {
      ...completed({}, { id: 'large', source: '/w', time: '2026-10-06T10:00:00Z' }),
      ...extensions,
      data,
    };
    expect((await service.one(structured)).body.results[0]!.status).toBe('duplicate');
    const { items } = (
      await service.get<{ items: { event: { personal: { fields: string[]; sealed: string } } }[] }>(
        '/v1/audit/events?session_id=large&at_least=2',
      )
    ).body;
    const [{ fields, sealed }] = items.map(({ event }) => event.personal) as [
      { fields: string[]; sealed: string },
    ];
    expect(fields).toContain('extensions');
    expect(Buffer.from(sealed, 'base64url').length).toBeGreaterThan(26 * 3 * 1_024);
  });

  it('names the content type to send, if another one is needed', async () => {
    const event = completed();
    const cases: [type: string, body: unknown, named: string][] = [
      ['application/json', event, STRUCTURED],
      ['application/json', [event], BATCH],
      ['application/vnd.mine+json; charset=utf-8', event, STRUCTURED],
      [STRUCTURED, [event], BATCH],
    ];
    for (const path of ['/v1/events', '/api/v1/events']) {
      for (const [type, body, named] of cases) {
        const answer = await service.post<Problem>(path, type, JSON.stringify(body));
        expect([type, answer.status, answer.body.code]).toEqual([
          type,
          415,
          'unsupported_media_type',
        ]);
        expect(answer.body.detail).toContain(named);
      }
      const one = await service.post<Problem>(path, BATCH, JSON.stringify(event));
      expect([one.status, one.body.code]).toEqual([400, 'invalid_body']);
      expect(one.body.detail).toContain(STRUCTURED);
    }
    // A missing attribute is still reported as such.
    const bare = await service.post<Problem>('/v1/events', 'application/json', '{}');
    expect([bare.status, bare.body.code]).toEqual([422, 'missing_attribute']);
  });

  it.each([
    [2 ** 31 - 1, 201],
    [-(2 ** 31), 201],
    [0, 201],
    [2 ** 31, 422],
    [-(2 ** 31) - 1, 422],
    [1.5, 422],
  ])(
    'accepts integers of 32 bits only, like every other mode: %p is answered with %p',
    async (priority, status) => {
      expect((await service.one({ ...completed(), priority })).status).toBe(status);
    },
  );
});
