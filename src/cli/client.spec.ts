import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { getJson, getPieces, sendBatch, ServiceError } from './client';

/** How the test server answers one request. */
type Answer = (reply: ServerResponse) => void;

const problem =
  (status: number, code: string, headers: Record<string, string> = {}): Answer =>
  (reply) => {
    reply.writeHead(status, { 'content-type': 'application/problem+json', ...headers });
    reply.end(JSON.stringify({ code, detail: 'Said so.', pointer: '/a' }));
  };
const json =
  (value: unknown): Answer =>
  (reply) =>
    reply.end(JSON.stringify(value));

describe('a request to a service', () => {
  let server: Server;
  let url: string;
  let answers: Answer[];
  let asked: number[];
  let keys: (string | undefined)[];

  beforeEach(async () => {
    jest.spyOn(console, 'error').mockImplementation(() => undefined);
    asked = [];
    keys = [];
    server = createServer((request, reply) => {
      asked.push(performance.now());
      keys.push(request.headers.authorization);
      request.resume().once('end', () => (answers.shift() ?? json('no more'))(reply));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(() => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    server.close();
  });

  it('is repeated after the pause that the service asks for', async () => {
    answers = [problem(503, 'not_caught_up', { 'retry-after': '1' }), json({ fine: true })];
    expect(await getJson(url)).toEqual({ fine: true });
    expect(asked).toHaveLength(2);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(990);
  });

  it('is repeated at the time that the service asks for', async () => {
    const date = new Date(Date.now() + 2_000).toUTCString();
    answers = [problem(429, 'rate_limited', { 'retry-after': date }), json(1)];
    expect(await getJson(url)).toBe(1);
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(900);
  });

  it('is repeated unchanged if the connection breaks', async () => {
    answers = [(reply) => reply.destroy(), json({ position: '1', results: [] })];
    expect(await sendBatch(url, '[]')).toEqual({ position: '1', results: [] });
    expect(asked).toHaveLength(2);
  });

  it('is not repeated forever', async () => {
    answers = Array.from({ length: 50 }, () => problem(503, 'not_caught_up'));
    await expect(getJson(url, undefined, { forMs: 900 })).rejects.toMatchObject({
      code: 'not_caught_up',
    });
    expect(asked.length).toBeGreaterThan(1);
    expect(asked.length).toBeLessThan(6);
  });

  it('ends at once if it would have to wait longer than the caller allows', async () => {
    answers = [problem(503, 'overloaded', { 'retry-after': '3600' })];
    await expect(getJson(url)).rejects.toMatchObject({ code: 'overloaded' });
    expect(asked).toHaveLength(1);
  });

  it('is not repeated if the service refuses it', async () => {
    answers = [problem(422, 'invalid_field')];
    const refused = getJson(url);
    await expect(refused).rejects.toBeInstanceOf(ServiceError);
    await expect(refused).rejects.toMatchObject({
      message: `${url} answered 422 (invalid_field): Said so.`,
      pointer: '/a',
    });
    expect(asked).toHaveLength(1);
  });

  it('carries the key, and says how to give one if it is missing', async () => {
    answers = [json(1), problem(401, 'unauthorized')];
    await getJson(url, 'mb_key');
    expect(keys).toEqual(['Bearer mb_key']);
    await expect(getJson(url)).rejects.toThrow('--key, or MINUTEBOOK_KEY');
    expect(keys).toEqual(['Bearer mb_key', undefined]);
  });

  it('says how to give another key if this one may not do it', async () => {
    answers = [(reply) => reply.writeHead(403).end('{"code":"forbidden","detail":"No."}')];
    await expect(getJson(url)).rejects.toThrow('No. Give the command a key of a role that may');
  });

  it('says that some other program answers', async () => {
    answers = [(reply) => reply.end('<html>')];
    await expect(getJson(url)).rejects.toThrow('Is this the address of the service?');
    answers = [(reply) => reply.writeHead(404).end('no such page')];
    await expect(getJson(url)).rejects.toThrow('answered 404: no such page');
  });

  it('is repeated for an answer in pieces too, and carries the key', async () => {
    answers = [
      problem(503, 'overloaded', { 'retry-after': '1' }),
      (reply) => {
        reply.write('one\n');
        reply.end('two\n');
      },
    ];
    let read = '';
    for await (const piece of getPieces(url, 'mb_key')) read += Buffer.from(piece).toString();
    expect(read).toBe('one\ntwo\n');
    expect(asked[1]! - asked[0]!).toBeGreaterThanOrEqual(990);
    expect(keys).toEqual(['Bearer mb_key', 'Bearer mb_key']);
  });

  it('says in a sentence why an answer in pieces broke off', async () => {
    answers = [(reply) => reply.write('one\n', () => reply.destroy())];
    const read = async () => {
      for await (const piece of getPieces(url)) expect(Buffer.from(piece).toString()).toBe('one\n');
    };
    const failed = await read().catch((error: Error) => error);
    expect(failed).not.toBeInstanceOf(TypeError);
    expect(String(failed)).toMatch(
      /^Error: The answer of http:\S+ broke off \((?!terminated).+\)\. Is the service running\?$/,
    );
  });

  it('ends at once if nobody listens and the caller does not want to wait', async () => {
    server.close();
    await once(server, 'close');
    await expect(getJson(url, undefined, { unreachable: false })).rejects.toThrow(
      /^No service answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)\. Start it, or correct/,
    );
    expect(console.error).not.toHaveBeenCalled();
  });

  it('says at once that it waits for an unreachable service, and for how long', async () => {
    server.close();
    await once(server, 'close');
    const began = performance.now();
    const asking = getJson(`${url}/v1/a?b`, undefined, { forMs: 3_000 });
    const said = jest.mocked(console.error);
    const heard = new Promise((resolve) => said.mockImplementation(resolve));
    await expect(heard).resolves.toMatch(
      /^No service answers at http:\/\/127\.0\.0\.1:\d+ \(.*ECONNREFUSED.*\)\. Waiting for it, for up to 3 s\.$/,
    );
    expect(performance.now() - began).toBeLessThan(1_000);
    await expect(asking).rejects.toThrow('Start it, or correct the address');
    expect(performance.now() - began).toBeLessThan(4_000);
    expect(said).toHaveBeenCalledTimes(1);
  });
});
