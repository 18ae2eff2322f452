import { once } from 'node:events';
import { connect } from 'node:net';

import { completed, STRUCTURED, TestService } from '../support/service';

/** Requests that Node's server refuses before they reach the router, or would answer in its own words. */
describe('below the router', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  const HOST = 'host: x\r\n';
  const authorization = () => `authorization: Bearer ${service.keys.producer}\r\n`;

  /** Sends bytes over a new connection; returns everything received until it closes. */
  async function raw(
    ...pieces: (string | Buffer)[]
  ): Promise<{ status: number; headers: string; body: string }> {
    const socket = connect(Number(new URL(service.url).port), '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => undefined);
    const closed = once(socket, 'close');
    for (const piece of pieces) {
      socket.write(typeof piece === 'string' ? piece.replace(HOST, HOST + authorization()) : piece);
    }
    await closed;
    const text = Buffer.concat(chunks).toString();
    const [headers = '', body = ''] = text.split('\r\n\r\n', 2);
    return { status: Number(headers.split(' ')[1]), headers, body };
  }

  async function problem(...pieces: (string | Buffer)[]) {
    const { status, headers, body } = await raw(...pieces);
    expect(headers).toMatch(/^content-type: application\/problem\+json/im);
    expect(headers).toMatch(/^connection: close/im);
    const {
      code,
      detail,
      status: said,
    } = JSON.parse(body) as { code: string; detail: string; status: number };
    expect(said).toBe(status);
    return { status, code, detail, headers };
  }

  it('a trailing slash on an API path changes nothing', async () => {
    const posted = await fetch(`${service.url}/v1/events/`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${service.keys.producer}`,
        'content-type': STRUCTURED,
      },
      body: JSON.stringify(completed()),
    });
    expect(posted.status).toBe(201);
    for (const [path, right] of [
      ['/v1/users/ann/usage-summary/', 200],
      ['/v1/users/ann/usage-summary/?period=2026-09', 200],
      ['/health/live/', 200],
      ['/v1/users/ann/usage-summary//', 404],
      ['/v1/', 404],
    ] as const) {
      expect([path, (await service.get(path)).status]).toEqual([path, right]);
    }
  });

  it('headers that are too large get a problem with a code', async () => {
    const large = `ce-big: ${'x'.repeat(300 * 1024)}\r\n`;
    expect(await problem(`POST /v1/events HTTP/1.1\r\n${HOST}${large}\r\n`)).toMatchObject({
      status: 431,
      code: 'headers_too_large',
    });
    expect(await problem(`GET /${'x'.repeat(300 * 1024)} HTTP/1.1\r\n${HOST}\r\n`)).toMatchObject({
      status: 431,
      code: 'headers_too_large',
    });
  });

  it.each([
    [
      'bad chunks',
      `POST /v1/events HTTP/1.1\r\n${HOST}content-type: ${STRUCTURED}\r\ntransfer-encoding: chunked\r\n\r\nnonsense\r\n\r\n`,
    ],
    [
      'two lengths',
      `POST /v1/events HTTP/1.1\r\n${HOST}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n{}`,
    ],
    ['an invalid length', `POST /v1/events HTTP/1.1\r\n${HOST}content-length: two\r\n\r\n{}`],
    ['an invalid header', `GET /v1/plans HTTP/1.1\r\n${HOST}no header\r\n\r\n`],
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['TLS on a plain port', Buffer.from('160301020001000100fc0303', 'hex')],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ])('%s: answered with a problem that has a code', async (_, bytes) => {
    expect(await problem(bytes)).toMatchObject({ status: 400, code: 'invalid_body' });
  });

  it('a request without a host is refused, unless it uses HTTP/1.0', async () => {
    expect(await problem('GET /health/live HTTP/1.1\r\n\r\n')).toMatchObject({
      status: 400,
      code: 'invalid_body',
      detail: expect.stringContaining('Host') as string,
    });
    expect((await raw('GET /health/live HTTP/1.0\r\n\r\n')).status).toBe(200);
  });

  it('an expectation other than 100-continue is refused', async () => {
    const expecting = (what: string) =>
      `POST /v1/events HTTP/1.1\r\n${HOST}content-type: ${STRUCTURED}\r\nexpect: ${what}\r\nconnection: close\r\n`;
    expect(await problem(`${expecting('miracles')}content-length: 0\r\n\r\n`)).toMatchObject({
      status: 417,
      code: 'expectation_failed',
    });
    const event = JSON.stringify(completed());
    const taken = await raw(
      `${expecting('100-continue')}content-length: ${event.length}\r\n\r\n`,
      event,
    );
    expect(taken.headers).toBe('HTTP/1.1 100 Continue');
    expect(taken.body).toContain('HTTP/1.1 201');
  });

  it.each(['BREW', 'get', 'PURGE', 'PROPFIND', 'TRACE', 'CONNECT', 'SEARCH', 'QUERY', 'M-SEARCH'])(
    'the method %s is refused, with the methods that the path allows',
    async (method) => {
      const answer = await problem(
        `${method} /v1/events HTTP/1.1\r\n${HOST}connection: close\r\n\r\n`,
      );
      expect(answer).toMatchObject({ status: 405, code: 'method_not_allowed' });
      expect(answer.headers).toMatch(/^allow: POST\r?$/im);
    },
  );

  it('an answer under way is not corrupted by later garbage', async () => {
    const { status, headers, body } = await raw(
      `GET /health/live HTTP/1.1\r\n${HOST}\r\nnonsense\r\n\r\n`,
    );
    expect(status).toBe(200);
    expect(headers + body).not.toMatch(/invalid_body[^]*HTTP\/1\.1 200/);
  });

  it('other clients are still served', async () => {
    expect((await service.one(completed())).status).toBe(201);
  });
});
