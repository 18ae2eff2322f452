import { setTimeout as sleep } from 'node:timers/promises';

import Fastify, { type FastifyInstance } from 'fastify';

import { awaitRequestsAtStop } from './end-of-requests';

describe('a stop', () => {
  let fastify: FastifyInstance;
  let url: string;
  beforeEach(async () => {
    fastify = Fastify({ forceCloseConnections: true, return503OnClosing: false });
    awaitRequestsAtStop(fastify, 500);
    fastify.get('/slow', async () => {
      await sleep(200);
      return 'done';
    });
    fastify.get('/stuck', () => new Promise(() => undefined));
    fastify.get('/stream', (_request, reply) => {
      reply.hijack();
      reply.raw.writeHead(200).write('begun');
    });
    url = await fastify.listen();
  });
  afterEach(() => fastify.close());

  const timed = async (work: () => Promise<unknown>) => {
    const began = performance.now();
    await work();
    return performance.now() - began;
  };

  it('lets a request under way get its answer, and refuses new ones meanwhile', async () => {
    const slow = fetch(`${url}/slow`);
    await sleep(50);
    const closing = fastify.close();
    await sleep(50);
    const late = await fetch(`${url}/slow`);
    expect([late.status, late.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await late.json()).toMatchObject({ code: 'store_unavailable' });
    expect(await (await slow).text()).toBe('done');
    await closing;
  });

  it('waits for no stream, and for no request longer than allowed', async () => {
    const stream = await fetch(`${url}/stream`);
    const cut = stream.text().catch(() => 'cut');
    expect(await timed(() => fastify.close())).toBeLessThan(400);
    expect(await cut).toBe('cut');
  });

  it('cuts a request that takes too long', async () => {
    const stuck = fetch(`${url}/stuck`).catch(() => 'cut');
    await sleep(50);
    expect(await timed(() => fastify.close())).toBeGreaterThan(400);
    expect(await stuck).toBe('cut');
  });
});
