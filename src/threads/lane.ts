import { Problem } from '../http/problem';

/** How much of a kind of work may be under way. */
export interface LaneLimits {
  readonly atOnce: number;
  readonly waiting: number;
  /** What is said where too many wait: a sentence. */
  readonly refusal: string;
  readonly retryAfterSeconds: number;
}

interface Waiter {
  readonly begin: () => void;
}

/** Lets so much work of a kind run at once, and so much wait for its turn; what is more is refused. */
export class Lane {
  private running = 0;
  private waiting: Waiter[] = [];

  constructor(private readonly limits: LaneLimits) {}

  /**
   * Runs work when it is its turn.
   * @param signal aborted when nobody waits for it any more: then it loses its turn.
   * @throws Problem `overloaded`, with when to ask again; what the signal is aborted with.
   */
  async run<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    if (this.running < this.limits.atOnce) this.running += 1;
    else await this.turn(signal);
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next === undefined) this.running -= 1;
      else next.begin();
    }
  }

  /** Resolves when what ended has left its place to this one. */
  private turn(signal: AbortSignal | undefined): Promise<void> {
    const { waiting, refusal, retryAfterSeconds } = this.limits;
    if (this.waiting.length >= waiting) {
      throw new Problem('overloaded', refusal, {
        headers: { 'retry-after': String(retryAfterSeconds) },
      });
    }
    return new Promise((resolve, reject) => {
      const stop = () => {
        this.waiting = this.waiting.filter((one) => one !== waiter);
        reject(signal!.reason as Error);
      };
      const waiter: Waiter = {
        begin: () => {
          signal?.removeEventListener('abort', stop);
          resolve();
        },
      };
      this.waiting.push(waiter);
      signal?.addEventListener('abort', stop, { once: true });
    });
  }
}
