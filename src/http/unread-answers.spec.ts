import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';

import Fastify, { type FastifyInstance } from 'fastify';

import { TlsFolder } from '../../test/support/tls-server';
import { endUnreadAnswers } from './unread-answers';

/** More than the system takes by itself. */
const BYTES = 32 * 1024 * 1024;
const UNREAD_MS = 900;
const REQUEST = 'GET /large HTTP/1.1\r\nhost: x\r\n\r\n';

describe.each(['plain', 'TLS'])('an answer that waits for its client, %s', (form) => {
  let folder: string;
  let fastify: FastifyInstance;
  let client: Socket;
  /** Resolves once the service has closed the connection, with the milliseconds since the request. */
  let closed: Promise<number>;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-unread-'));
    const files = new TlsFolder(folder);
    const https = { key: readFileSync(files.key), cert: readFileSync(files.certificate) };
    const made = form === 'TLS' ? Fastify({ https, forceCloseConnections: true }) : Fastify();
    fastify = made as FastifyInstance;
    endUnreadAnswers(fastify, UNREAD_MS);
    closed = new Promise((resolve) => {
      fastify.addHook('onRequest', (request, _, done) => {
        const began = performance.now();
        request.raw.socket.once('close', () => resolve(performance.now() - began));
        done();
      });
    });
    fastify.get('/large', () => 'x'.repeat(BYTES));
    fastify.get('/slow', async () => {
      await pause(2 * UNREAD_MS);
      return 'done';
    });
    await fastify.listen();
    const { port } = fastify.server.address() as AddressInfo;
    client = form === 'TLS' ? connectTls({ port, rejectUnauthorized: false }) : connect(port);
    client.on('error', () => undefined);
    await once(client, form === 'TLS' ? 'secureConnect' : 'connect');
  });
  afterEach(async () => {
    client.destroy();
    await fastify.close();
    rmSync(folder, { recursive: true });
  });

  it('is dropped with its connection if the client takes nothing, whatever it sends meanwhile', async () => {
    client.write(REQUEST);
    const sending = setInterval(() => client.write('\r\n'), 50);
    expect(await closed).toBeGreaterThan(UNREAD_MS - 100);
    clearInterval(sending);
  });

  it('reaches a client that reads slowly', async () => {
    let read = 0;
    client.on('data', (chunk: Buffer) => {
      read += chunk.length;
      client.pause();
      setTimeout(() => client.resume(), chunk.length / 10_000);
    });
    const began = performance.now();
    client.write(REQUEST);
    while (read < BYTES && client.readable) await pause(50);
    expect(read).toBeGreaterThan(BYTES);
    expect(performance.now() - began).toBeGreaterThan(2 * UNREAD_MS);
  });

  it('may take long to be made, and the connection stays for the next request', async () => {
    client.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(String(((await once(client, 'data')) as [Buffer])[0])).toContain('200 OK');
    await pause(2 * UNREAD_MS);
    client.write('GET /slow HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(String(((await once(client, 'data')) as [Buffer])[0])).toContain('200 OK');
  });
});
