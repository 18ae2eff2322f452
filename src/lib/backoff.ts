import { pause } from './pause';

/** The first pause and the longest one, in milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Pauses between tries. Each doubles up to a bound; half of it is random, so that clients do not retry in step. */
export class Backoff {
  private next: number;

  constructor(private readonly options: BackoffOptions) {
    this.next = options.firstMs;
  }

  /** Returns the length of the next pause in milliseconds, and makes the one after it longer. */
  takeMs(): number {
    const ms = this.next / 2 + Math.random() * (this.next / 2);
    this.next = Math.min(this.next * 2, this.options.mostMs);
    return ms;
  }

  /** Resolves after the next pause, or at once when `signal` is aborted. */
  pause(signal?: AbortSignal): Promise<void> {
    return pause(this.takeMs(), signal);
  }

  /** Makes the next pause short again. Call it after a healthy run. */
  reset(): void {
    this.next = this.options.firstMs;
  }
}
