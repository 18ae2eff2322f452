import { pause } from './pause';

/** Waits at most `ms` milliseconds for `work`, whether it succeeds or fails. Never rejects. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => undefined), pause(ms, over.signal)]);
  over.abort();
}
