import { NoAnswerError } from './failures';

/** How often timeouts are checked. */
const TICK_MS = 50;

interface Waiting {
  readonly until: number;
  giveUp(): void;
}

/**
 * All waits of the process. They share one timer, because a timer for each of hundreds of concurrent appends would be
 * expensive.
 */
const waiting = new Set<Waiting>();
let ticking: NodeJS.Timeout | undefined;

/**
 * Waits for work to settle, at most `ms`. A later result is dropped.
 * @throws NoAnswerError if the time is over first; up to 50 ms late.
 */
export function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const one: Waiting = {
      until: performance.now() + ms,
      giveUp() {
        remove(one);
        reject(new NoAnswerError(ms));
      },
    };
    waiting.add(one);
    ticking ??= setInterval(tick, TICK_MS);
    work.then(
      (value) => {
        remove(one);
        resolve(value);
      },
      (error: Error) => {
        remove(one);
        reject(error);
      },
    );
  });
}

function tick(): void {
  const now = performance.now();
  for (const one of waiting) if (one.until <= now) one.giveUp();
}

function remove(one: Waiting): void {
  waiting.delete(one);
  if (waiting.size > 0) return;
  clearInterval(ticking);
  ticking = undefined;
}
