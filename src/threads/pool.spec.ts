import { MessageChannel } from 'node:worker_threads';

import type { Thread } from '../lib/thread';
import { threadPort } from '../lib/thread';
import { Peer } from './peer';
import { ThreadPool } from './pool';

interface Calls {
  readonly who: { readonly asked: undefined; readonly answer: number };
  readonly wait: { readonly asked: undefined; readonly answer: number };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** Stands in for a thread: answers calls in this thread, and ends when the test says so. */
class FakeThread implements Thread {
  readonly port;
  readonly ended: Promise<Error | undefined>;
  isClosed = false;
  isTerminated = false;
  end!: (why: Error | undefined) => void;
  readonly goOn: (() => void)[] = [];

  constructor(readonly number: number) {
    const { port1, port2 } = new MessageChannel();
    this.port = threadPort(port1);
    this.ended = new Promise((resolve) => {
      this.end = (why) => {
        port1.close();
        resolve(why);
      };
    });
    new Peer<Record<never, never>, Calls>(
      threadPort(port2),
      {
        who: () => this.number,
        wait: () => new Promise((resolve) => this.goOn.push(() => resolve(this.number))),
        close: () => void (this.isClosed = true),
      },
      () => undefined,
    );
  }

  terminate(): Promise<void> {
    this.isTerminated = true;
    this.end(undefined);
    return Promise.resolve();
  }
}

const turns = async (count = 20) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

describe('a pool of threads', () => {
  let threads: FakeThread[];
  let reported: unknown[];
  let pool: ThreadPool<Calls>;
  const make = (idleMs = 60_000) => {
    threads = [];
    reported = [];
    pool = new ThreadPool<Calls>(
      () => {
        const thread = new FakeThread(threads.length);
        threads.push(thread);
        return thread;
      },
      { threads: 2, idleMs },
      (error) => reported.push(error),
    );
  };
  beforeEach(() => make());
  afterEach(() => pool.close());

  it('starts a thread only if all others are busy, and no more than its limit', async () => {
    expect(await pool.ask('who', undefined)).toBe(0);
    expect(await pool.ask('who', undefined)).toBe(0);
    const waits = [0, 1, 2, 3].map(() => pool.ask('wait', undefined));
    await turns();
    expect(threads.map((thread) => thread.goOn.length)).toEqual([2, 2]);
    for (const thread of threads) for (const goOn of thread.goOn) goOn();
    expect((await Promise.all(waits)).sort()).toEqual([0, 0, 1, 1]);
  });

  it('prefers the thread that knows a key, unless it is busier than the others', async () => {
    const both = ['a', 'b'].map((key) => pool.ask('wait', undefined, { key }));
    await turns();
    for (const thread of threads) for (const goOn of thread.goOn.splice(0)) goOn();
    expect(await Promise.all(both)).toEqual([0, 1]);
    for (let round = 0; round < 3; round += 1) {
      expect(await pool.ask('who', undefined, { key: 'b' })).toBe(1);
    }
    const waits = [0, 1].map(() => pool.ask('wait', undefined, { key: 'b' }));
    await turns();
    expect(await pool.ask('who', undefined, { key: 'b' })).toBe(0);
    for (const goOn of threads[1]!.goOn) goOn();
    await Promise.all(waits);
  });

  it('fails the calls of a thread that died, reports why, and keeps the other thread working', async () => {
    const waits = [pool.ask('wait', undefined), pool.ask('wait', undefined)];
    await turns();
    threads[0]!.end(new Error('out of memory'));
    await expect(waits[0]).rejects.toMatchObject({ code: 'store_unavailable', status: 503 });
    expect(reported).toEqual([new Error('out of memory')]);
    threads[1]!.goOn[0]!();
    expect(await waits[1]).toBe(1);
  });

  it('pauses between starts if threads end right after their start', async () => {
    for (let tries = 0; tries < 20; tries += 1) {
      const answer = pool.ask('wait', undefined).catch((error: unknown) => error);
      await turns();
      threads.at(-1)!.end(new Error('no such file'));
      expect(await answer).toMatchObject({ code: 'store_unavailable' });
    }
    expect(threads.length).toBeLessThan(5);
  });

  it('ends idle threads', async () => {
    make(20);
    await pool.ask('who', undefined);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(threads[0]).toMatchObject({ isClosed: true, isTerminated: true });
    expect(await pool.ask('who', undefined)).toBe(1);
  });

  it('ends all threads when it is closed, and takes no more calls', async () => {
    const answer = pool.ask('wait', undefined).catch((error: unknown) => error);
    await turns();
    await pool.close();
    expect(threads[0]).toMatchObject({ isClosed: true, isTerminated: true });
    expect(await answer).toMatchObject({ code: 'store_unavailable' });
    await expect(pool.ask('who', undefined)).rejects.toMatchObject({ code: 'store_unavailable' });
    expect(reported).toEqual([]);
  });
});
