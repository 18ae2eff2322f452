import { pause } from './pause';

/** Waits for `work`, which may fail, for `ms` milliseconds at most. It never rejects. */
export async function waitAtMost(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  await Promise.race([work.catch(() => undefined), pause(ms, over.signal)]);
  over.abort();
}
