import { pause } from './pause';

/** The first pause and the longest one, in milliseconds. */
export interface BackoffOptions {
  readonly firstMs: number;
  readonly mostMs: number;
}

/** Pauses between tries: twice as long each time up to a bound, half of it by chance, so that not all come at once. */
export class Backoff {
  private next: number;

  constructor(private readonly options: BackoffOptions) {
    this.next = options.firstMs;
  }

  /** How long the next pause is to be, in milliseconds. Each call makes the one after it longer. */
  takeMs(): number {
    const ms = this.next / 2 + Math.random() * (this.next / 2);
    this.next = Math.min(this.next * 2, this.options.mostMs);
    return ms;
  }

  /** Resolves after the next pause, or at once when `signal` is aborted. */
  pause(signal?: AbortSignal): Promise<void> {
    return pause(this.takeMs(), signal);
  }

  /** After a healthy run the next pause is short again. */
  reset(): void {
    this.next = this.options.firstMs;
  }
}
