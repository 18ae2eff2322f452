import { setTimeout as sleep } from 'node:timers/promises';

const MOST_MS = 2_000;

/** Pauses between tries: twice as long each time up to a bound, half of it by chance, so that not all come at once. */
export class Backoff {
  private next: number;

  constructor(private readonly firstMs = 50) {
    this.next = firstMs;
  }

  /** Resolves after the pause, or at once when `signal` is aborted. */
  async pause(signal?: AbortSignal): Promise<void> {
    const ms = this.next / 2 + Math.random() * (this.next / 2);
    this.next = Math.min(this.next * 2, MOST_MS);
    await sleep(ms, undefined, { signal }).catch((error: unknown) => {
      if ((error as Error).name !== 'AbortError') throw error;
    });
  }

  /** After a healthy run the next pause is short again. */
  reset(): void {
    this.next = this.firstMs;
  }
}
