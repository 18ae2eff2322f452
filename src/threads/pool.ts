import { Problem } from '../http/problem';
import { Backoff, type BackoffOptions } from '../lib/backoff';
import type { Thread } from '../lib/thread';
import { waitAtMost } from '../lib/wait-at-most';
import { Peer, type AskOptions, type Calls } from './peer';

/** How long a thread may take to close what it holds before it is terminated anyway, in milliseconds. */
const CLOSE_MS = 5_000;
/**
 * A thread that has lived this long, in milliseconds, started well: if it dies, the pause before the next start is
 * short again.
 */
const SOUND_MS = 5_000;
/** Pauses before the next start after a thread has died. */
const RESTART_PAUSES: BackoffOptions = { firstMs: 200, mostMs: 10_000 };
/** How many of its latest keys are remembered for each thread. */
const KEYS = 16;

/** The call that every thread of a pool answers besides its work. */
export interface Closing {
  readonly close: { readonly asked: undefined; readonly answer: void };
}

export interface PoolOptions {
  /** The most threads that may run at once. */
  readonly threads: number;
  /** How long a thread lives without work, in milliseconds. */
  readonly idleMs: number;
}

/** Options of one call to a pool. */
export interface PoolAskOptions<Back extends Calls<Back>> extends AskOptions<Back> {
  /**
   * Calls with the same key go to the same thread if it is not too busy: it may still have in memory what they need.
   */
  readonly key?: string;
}

/**
 * Threads for work that would keep the serving thread from answering. They start when needed. A thread may work on
 * several calls at once, which take turns; callers must bound how many there are. If a thread dies, only the calls that
 * it worked on fail.
 */
export class ThreadPool<C extends Calls<C> & Closing> {
  private members: Member<C>[] = [];
  private closed = false;
  private notBefore = 0;
  private readonly backoff = new Backoff(RESTART_PAUSES);

  /** @param report gets the reason when a thread dies, and errors of work that nobody waits for. */
  constructor(
    private readonly start: () => Thread,
    private readonly options: PoolOptions,
    private readonly report: (error: unknown) => void,
  ) {}

  /**
   * Calls a thread.
   * @throws what the work throws; Problem `store_unavailable` if no thread can start, or if it ends before it answers.
   */
  async ask<N extends keyof C & string, Back extends Calls<Back> = Record<never, never>>(
    name: N,
    asked: C[N]['asked'],
    { key, ...options }: PoolAskOptions<Back> = {},
  ): Promise<C[N]['answer']> {
    if (this.closed) throw new Problem('store_unavailable', 'The service is stopping. Ask again.');
    return this.choose(key).ask(name, asked, options);
  }

  /** Ends all threads. Pending calls fail. */
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
      throw new Problem(
        'store_unavailable',
        'No thread can be started for this request now. Ask again.',
      );
    }
    if (key !== undefined) chosen.remember(key);
    return chosen;
  }

  /** Returns the least busy thread, or a new one if that thread is busy and another may start. */
  private freeOr(least: Member<C> | undefined): Member<C> | undefined {
    if (least?.load === 0) return least;
    const isFull = this.members.length >= this.options.threads;
    return isFull && least !== undefined ? least : (this.begin() ?? least);
  }

  /** Starts a thread; `undefined` if the pause since the last one died is not over. */
  private begin(): Member<C> | undefined {
    if (performance.now() < this.notBefore) return undefined;
    let thread: Thread;
    try {
      thread = this.start();
    } catch (error) {
      // The operating system gives this process no more threads now.
      this.report(error);
      this.notBefore = performance.now() + this.backoff.takeMs();
      return undefined;
    }
    const member = new Member<C>(thread, this.options.idleMs, this.report);
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
  /** How many calls it works on. */
  load = 0;
  readonly keys = new Set<string>();
  /** Resolves when it has ended: to the reason if it died, to `undefined` if it was terminated. */
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
        new Problem(
          'store_unavailable',
          'The thread that worked on this request ended. Ask again.',
        ),
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
