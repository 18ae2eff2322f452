import type { FastifyRateLimitStore } from '@fastify/rate-limit';

import { BoundedMap } from '../../lib/bounded-map';

/** How many callers' requests are counted at most: those of the most recent callers. */
const REMEMBERED = 10_000;

interface Window {
  /** When it began, on the clock of `performance.now()`. */
  readonly began: number;
  requests: number;
}

/**
 * Counts requests by key, in windows of time. The plugin's own store goes by the machine's clock: if that is set back,
 * a window ends hours late, and callers are refused until then.
 */
export class RateWindows implements FastifyRateLimitStore {
  private readonly windows = new BoundedMap<string, Window>(REMEMBERED);

  /** Counts a request. `ttl` is how long its window still lasts, in milliseconds. */
  incr(key: string, answer: Parameters<FastifyRateLimitStore['incr']>[1], windowMs: number): void {
    const now = performance.now();
    let window = this.windows.get(key);
    if (window === undefined || now - window.began >= windowMs) {
      window = { began: now, requests: 0 };
      this.windows.set(key, window);
    }
    window.requests += 1;
    answer(null, { current: window.requests, ttl: windowMs - (now - window.began) });
  }

  /** The same windows: no route has limits of its own. */
  child(): this {
    return this;
  }
}
