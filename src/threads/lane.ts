import { Problem } from '../http/problem';

/** How much work of one kind may run, and how much may wait. */
export interface LaneLimits {
  readonly atOnce: number;
  readonly waiting: number;
  /** The detail of the refusal when too many wait: a sentence. */
  readonly refusal: string;
  readonly retryAfterSeconds: number;
}

interface Waiter {
  readonly begin: () => void;
}

/** Limits how much work of one kind runs at once and how much waits for its turn. Refuses work beyond that. */
export class Lane {
  private running = 0;
  private waiting: Waiter[] = [];

  constructor(private readonly limits: LaneLimits) {}

  /**
   * Runs work when its turn comes.
   * @param signal aborted when nobody waits for the result any more. Work that has not begun by then never begins.
   * @throws Problem `overloaded` with a `retry-after` header; the signal's reason.
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

  /** Waits for a turn: resolves when other work has ended and passes its turn on. */
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
