import { EventEmitter, once } from 'node:events';
import { request as open, type ClientRequest, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';

import { BodyRoom } from './body-room';
import type { Problem } from './problem';

describe('the room for bodies', () => {
  const room = (most = 100) => new BodyRoom(most, ({ id }) => id);
  let callers = 0;
  /** A request of another caller each time, unless one is named. */
  const request = (caller = `caller-${(callers += 1)}`) =>
    ({ id: caller, room: 0, raw: { socket: new EventEmitter() } }) as FastifyRequest;
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

  it('is given to one caller by half at most, so that the others have the rest', () => {
    const some = room();
    const answer = reply();
    some.grow(request('ann'), answer, 20);
    some.grow(request('ann'), reply(), 30);
    expect(() => some.grow(request('ann'), reply(), 1)).toThrow('of this key or token');
    some.grow(request('bob'), reply(), 50);
    answer.raw.emit('close');
    some.grow(request('ann'), reply(), 20);
  });

  it('is given to a large body of a caller who has no other, even if that takes more than half', () => {
    const some = room();
    some.grow(request('bob'), reply(), 10);
    some.grow(request('ann'), reply(), 80);
    expect(() => some.grow(request('ann'), reply(), 1)).toThrow('of this key or token');
  });

  it('has a part that is left to small bodies', () => {
    const some = room(1_600_000);
    some.grow(request(), reply(), 700_000);
    some.grow(request(), reply(), 700_000);
    expect(() => some.grow(request(), reply(), 150_000)).toThrow('Too many large batches');
    some.grow(request(), reply(), 100_000);
    some.grow(request(), reply(), 100_000);
    expect(() => some.grow(request(), reply(), 1)).toThrow('Too many large batches');
  });
});

describe('the room for bodies that arrive', () => {
  const ROOM = 200_000;
  const MOST = 16 * 1024 * 1024;
  const STILL_MS = 600;
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
    const callerOf = ({ id, headers }: FastifyRequest) => String(headers['caller'] ?? id);
    new BodyRoom(ROOM, callerOf, STILL_MS).guard(fastify, ['/large']);
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
    expect(await send(180_000)).toEqual([200, '180000']);
  });

  it('is refused before a body is read if its announced length exceeds it', async () => {
    await arrived(begin(), 150_000);
    const client = begin({ 'content-length': 100_000 });
    expect(await answer(client)).toEqual([503, 'overloaded']);
  });

  it('is not taken from others by one caller whose bodies all but arrive', async () => {
    const headers = { caller: 'ann', 'content-length': 70_000 };
    const almost = Array.from({ length: 8 }, () => begin(headers));
    await Promise.all(almost.map((client) => arrived(client, 69_999)));
    expect(await send(80_000)).toEqual([200, '80000']);
    expect(await answer(begin(headers))).toEqual([503, 'overloaded']);
  });

  it('is free again once a body has stood still, large or small', async () => {
    const began = performance.now();
    const large = begin();
    const small = begin({ 'content-length': 1_000 });
    const answers = Promise.all([answer(large), answer(small)]);
    await Promise.all([arrived(large, 150_000), arrived(small, 1)]);
    expect((await answers).map(([status]) => status)).toEqual([408, 408]);
    expect(performance.now() - began).toBeGreaterThan(STILL_MS - 50);
    await arrived(begin(), 1);
    expect(await send(180_000)).toEqual([200, '180000']);
  });

  it('stays with a body that arrives slowly', async () => {
    const slow = begin({ 'content-length': 10 });
    const answered = answer(slow);
    for (let byte = 0; byte < 10; byte += 1) {
      await arrived(slow, 1);
      await pause(100);
    }
    expect(await answered).toEqual([200, '10']);
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
