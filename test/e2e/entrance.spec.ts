import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { Agent, get, type RequestOptions } from 'node:https';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect as connectTls } from 'node:tls';

import { eventually } from '../support/eventually';
import { TestService } from '../support/service';
import { TlsFolder } from '../support/tls-server';

describe('a service with a certificate', () => {
  let folder: string;
  let files: TlsFolder;
  let service: TestService;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-tls-'));
    files = new TlsFolder(folder);
    service = await TestService.start({
      environment: { TLS_CERT_FILE: files.certificate, TLS_KEY_FILE: files.key },
    });
  });
  afterAll(async () => {
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const ask = (path: string, options: RequestOptions = {}) =>
    new Promise<{
      status: number | undefined;
      headers: NodeJS.Dict<string | string[]>;
      body: string;
    }>((resolve, reject) => {
      const { port } = new URL(service.url);
      const agent = new Agent({ keepAlive: false });
      get(
        { host: '127.0.0.1', servername: 'localhost', port, path, agent, ...options },
        (answer) => {
          const { statusCode: status, headers } = answer;
          text(answer).then((body) => resolve({ status, headers, body }), reject);
        },
      ).on('error', reject);
    });
  /** When the certificate in use ends, according to the metrics. */
  const measuredEnd = async () => {
    const { body } = await ask('/metrics', { rejectUnauthorized: false });
    const [, seconds] = /^minutebook_certificate_end_timestamp_seconds (.*)$/m.exec(body)!;
    return new Date(Number(seconds) * 1_000).toISOString();
  };
  /** The serial number of the certificate that the server presents now. */
  const serial = () =>
    new Promise<string>((resolve, reject) => {
      const { port } = new URL(service.url);
      const socket = connectTls(
        { host: '127.0.0.1', port: Number(port), rejectUnauthorized: false },
        () => {
          resolve(socket.getPeerCertificate().serialNumber);
          socket.end();
        },
      ).on('error', reject);
    });

  it('speaks TLS, and tells browsers to insist on it', async () => {
    expect(service.url).toMatch(/^https:/);
    const ca = readFileSync(files.certificate);
    const { status, headers } = await ask('/health/live', { ca });
    expect(status).toBe(200);
    expect(headers['strict-transport-security']).toMatch(/^max-age=\d+/);
  });

  it('closes a connection that speaks plain HTTP, and keeps running', async () => {
    const { port } = new URL(service.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => {
        socket.write('GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n');
      });
      socket.on('close', () => resolve()).on('error', () => undefined);
      socket.resume();
    });
    expect((await ask('/health/live', { rejectUnauthorized: false })).status).toBe(200);
  });

  it('uses a new certificate once its files change, and keeps the old one until they match', async () => {
    const before = await serial();
    expect(await measuredEnd()).toBe('2120-01-01T00:00:00.000Z');
    files.renewCertificate();
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(await serial()).toBe(before);
    files.renewKey();
    await eventually(async () => (await serial()) !== before);
    expect(await measuredEnd()).toBe('2126-11-05T03:00:54.000Z');
  });
});

describe('the headers of every answer', () => {
  let service: TestService;
  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  it.each([
    ['/health/live', 200],
    ['/v1/users/ann/usage-summary', 200],
    ['/v1/users/a%20b/usage-summary', 400],
    ['/nowhere', 404],
  ])('let a browser do nothing with %s', async (path, status) => {
    const answer = await service.fetch(path);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-security-policy')).toBe(
      "default-src 'none';frame-ancestors 'none';base-uri 'none'",
    );
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('x-powered-by')).toBeNull();
    expect(answer.headers.get('strict-transport-security')).toBeNull();
  });

  it('are present even if the request is refused', async () => {
    const answer = await fetch(`${service.url}/v1/keys`);
    expect(answer.status).toBe(401);
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('let the API page load its own scripts, and no others', async () => {
    const policy = (await fetch(`${service.url}/docs`)).headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe-eval');
  });
});
