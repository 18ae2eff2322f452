import { Problem } from '../http/problem';
import { Backoff, type BackoffOptions } from '../lib/backoff';
import type { Thread } from '../lib/thread';
import { waitAtMost } from '../lib/wait-at-most';
import { Peer, type AskOptions, type Calls } from './peer';

/** How long a thread may take to let go of what it holds before it is ended all the same. */
const CLOSE_MS = 5_000;
/** A thread that ends within this time after its start is of no use, and the next one has to wait. */
const SOUND_MS = 5_000;
/** Between two starts of threads that end too soon. */
const RESTART_PAUSES: BackoffOptions = { firstMs: 200, mostMs: 10_000 };
/** How many keys a thread is remembered for. */
const KEYS = 16;

/** What every thread of a pool can be asked beside its work. */
export interface Closing {
  readonly close: { readonly asked: undefined; readonly answer: void };
}

export interface PoolOptions {
  /** How many threads there are at most. */
  readonly threads: number;
  /** After how long without work a thread is ended, in milliseconds. */
  readonly idleMs: number;
}

/** How a pool is asked. */
export interface PoolAskOptions<Back extends Calls<Back>> extends AskOptions<Back> {
  /** What else was asked under the same key is likely to be remembered by the thread that answered it. */
  readonly key?: string;
}

/**
 * Threads that work side by side on what would keep the serving one from answering. They are started when they are needed.
 * A thread may work on several things at a time, which give each other their turns; how many things there are is bounded
 * by who asks. A thread that dies fails what it worked on, and nothing else.
 */
export class ThreadPool<C extends Calls<C> & Closing> {
  private members: Member<C>[] = [];
  private closed = false;
  private notBefore = 0;
  private readonly backoff = new Backoff(RESTART_PAUSES);

  /** @param report is told why a thread ended that nobody ended, and what fails while nobody waits. */
  constructor(
    private readonly start: () => Thread,
    private readonly options: PoolOptions,
    private readonly report: (error: unknown) => void,
  ) {}

  /** @throws what the work throws; Problem `store_unavailable` if the thread ends meanwhile. */
  async ask<N extends keyof C & string, Back extends Calls<Back> = Record<never, never>>(
    name: N,
    asked: C[N]['asked'],
    { key, ...options }: PoolAskOptions<Back> = {},
  ): Promise<C[N]['answer']> {
    if (this.closed) throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    return this.choose(key).ask(name, asked, options);
  }

  /** Ends all threads. What is still asked of them fails. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.members.map((member) => member.close()));
  }

  private choose(key: string | undefined): Member<C> {
    const open = this.members.filter((member) => !member.isClosing);
    const least = open.reduce<Member<C> | undefined>(
      (best, one) => (best === undefined || one.load < best.load ? one : best),
      undefined,
    );
    const known = key === undefined ? undefined : open.find((member) => member.keys.has(key));
    const isNear = known !== undefined && known.load <= least!.load + 1;
    const chosen = isNear ? known : this.freeOr(least);
    if (chosen === undefined) {
      throw new Problem('store_unavailable', 'No thread can be started for it now. Ask again.');
    }
    if (key !== undefined) chosen.remember(key);
    return chosen;
  }

  /** The thread that does least, or a new one if that does anything and there may be more. */
  private freeOr(least: Member<C> | undefined): Member<C> | undefined {
    if (least?.load === 0) return least;
    const isFull = this.members.length >= this.options.threads;
    return isFull && least !== undefined ? least : (this.begin() ?? least);
  }

  /** `undefined` if the last one ended too soon. */
  private begin(): Member<C> | undefined {
    if (performance.now() < this.notBefore) return undefined;
    const member = new Member<C>(this.start(), this.options.idleMs, this.report);
    this.members.push(member);
    const began = performance.now();
    void member.ended.then((why) => {
      this.members = this.members.filter((one) => one !== member);
      if (why === undefined || this.closed) return;
      this.report(why);
      const now = performance.now();
      if (now - began >= SOUND_MS) this.backoff.reset();
      this.notBefore = now + this.backoff.takeMs();
    });
    return member;
  }
}

/** A thread of the pool. */
class Member<C extends Calls<C> & Closing> {
  /** How many things it works on. */
  load = 0;
  readonly keys = new Set<string>();
  /** Resolves when it has ended, with why if nobody ended it. */
  readonly ended: Promise<Error | undefined>;
  private readonly peer: Peer<C, Record<never, never>>;
  private idle: NodeJS.Timeout | undefined;
  private closing: Promise<void> | undefined;

  constructor(
    private readonly thread: Thread,
    private readonly idleMs: number,
    report: (error: unknown) => void,
  ) {
    this.peer = new Peer<C, Record<never, never>>(thread.port, {}, report);
    this.ended = thread.ended.then((why) => {
      clearTimeout(this.idle);
      this.peer.end(
        new Problem('store_unavailable', 'The thread that worked on this ended. Ask again.'),
      );
      return why;
    });
  }

  async ask<N extends keyof C & string, Back extends Calls<Back>>(
    name: N,
    asked: C[N]['asked'],
    options: AskOptions<Back>,
  ): Promise<C[N]['answer']> {
    clearTimeout(this.idle);
    this.load += 1;
    try {
      return await this.peer.ask(name, asked, options);
    } finally {
      this.load -= 1;
      if (this.load === 0) this.rest();
    }
  }

  remember(key: string): void {
    this.keys.delete(key);
    this.keys.add(key);
    for (const old of this.keys) {
      if (this.keys.size <= KEYS) break;
      this.keys.delete(old);
    }
  }

  get isClosing(): boolean {
    return this.closing !== undefined;
  }

  close(): Promise<void> {
    return (this.closing ??= this.end());
  }

  private rest(): void {
    if (this.closing !== undefined) return;
    this.idle = setTimeout(() => void this.close(), this.idleMs).unref();
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    await waitAtMost(CLOSE_MS, this.peer.ask('close', undefined));
    await this.thread.terminate();
  }
}
