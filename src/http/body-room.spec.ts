import { EventEmitter, once } from 'node:events';
import { request as open, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { BodyRoom } from './body-room';
import type { Problem } from './problem';

describe('the room for bodies', () => {
  const room = () => new BodyRoom(100);
  const request = () => ({ room: 0, raw: { socket: new EventEmitter() } }) as FastifyRequest;
  const reply = () => ({ raw: new EventEmitter() }) as unknown as FastifyReply;

  it('is refused to a body that would exceed it, and free again once an answer was sent', () => {
    const some = room();
    const first = reply();
    some.grow(request(), first, 60);
    expect(() => some.grow(request(), reply(), 60)).toThrow('Too many large batches');
    some.grow(request(), reply(), 40);
    expect(() => some.grow(request(), reply(), 1)).toThrow('Too many large batches');
    first.raw.emit('close');
    some.grow(request(), reply(), 60);
  });

  it('is given to any single body', () => {
    const some = room();
    const [one, answer] = [request(), reply()];
    some.grow(one, answer, 300);
    some.grow(one, answer, 400);
    expect(() => some.grow(request(), reply(), 1)).toThrow('Too many large batches');
    answer.raw.emit('close');
    some.grow(request(), reply(), 100);
  });

  it('grows with a body that turns out larger', () => {
    const some = room();
    some.grow(request(), reply(), 50);
    const one = request();
    some.grow(one, reply(), 10);
    some.grow(one, reply(), 50);
    const other = request();
    expect(() => some.grow(other, reply(), 1)).toThrow('Too many large batches');
  });
});

describe('the room for bodies that arrive', () => {
  const ROOM = 200_000;
  const MOST = 16 * 1024 * 1024;
  let fastify: FastifyInstance;
  beforeEach(async () => {
    fastify = Fastify({ bodyLimit: MOST, forceCloseConnections: true });
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => {
      done(null, body);
    });
    fastify.setErrorHandler<Problem>((error, _request, reply) =>
      reply.code(error.status).send(error.code),
    );
    fastify.addHook('onRequest', (request) =>
      request.headers['slow'] === undefined ? Promise.resolve() : pause(100),
    );
    new BodyRoom(ROOM).guard(fastify, ['/large']);
    fastify.post('/large', ({ body }) => String((body as Buffer).length));
    await fastify.listen();
  });
  afterEach(() => fastify.close());

  const begin = (headers: Record<string, string | number> = {}): ClientRequest => {
    const { port } = fastify.server.address() as AddressInfo;
    const client = open({ port, path: '/large', method: 'POST', headers });
    client.on('error', () => undefined).flushHeaders();
    return client;
  };
  const arrived = (client: ClientRequest, bytes: number) =>
    new Promise<void>((resolve) =>
      client.write(Buffer.alloc(bytes), () => setTimeout(resolve, 50)),
    );
  const answer = async (client: ClientRequest): Promise<[number | undefined, string]> => {
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    const [body] = (await once(response, 'data')) as [Buffer];
    return [response.statusCode, String(body)];
  };
  const send = (bytes: number) => {
    const client = begin();
    client.end(Buffer.alloc(bytes));
    return answer(client);
  };

  it('is not taken by bodies that were only announced', async () => {
    const silent = Array.from({ length: 20 }, () => begin({ 'content-length': 150_000 }));
    await Promise.all(silent.map((client) => arrived(client, 1)));
    expect(await send(100_000)).toEqual([200, '100000']);
  });

  it('is taken by what has arrived of bodies without a length, and free again once a sender left', async () => {
    const held = begin();
    await arrived(held, 150_000);
    expect(await send(100_000)).toEqual([503, 'overloaded']);
    held.destroy();
    await arrived(begin(), 1);
    expect(await send(100_000)).toEqual([200, '100000']);
  });

  it('is not taken by a sender that has left before it could be taken', async () => {
    const slow = Array.from({ length: 10 }, () => begin({ 'content-length': 60_000, slow: 'yes' }));
    await pause(50);
    for (const client of slow) client.destroy();
    await pause(200);
    await arrived(begin(), 1);
    expect(await send(190_000)).toEqual([200, '190000']);
  });

  it('is refused before a body is read if its announced length exceeds it', async () => {
    await arrived(begin(), 150_000);
    const client = begin({ 'content-length': 100_000 });
    expect(await answer(client)).toEqual([503, 'overloaded']);
  });

  it('survives a sender that leaves after a refusal', async () => {
    const large = begin();
    const refused = answer(large);
    large.write(Buffer.alloc(MOST + 1));
    expect((await refused)[0]).toBeGreaterThanOrEqual(400);
    large.destroy();
    expect(await send(100_000)).toEqual([200, '100000']);
  });
});
