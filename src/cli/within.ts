import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for work that may fail, for some milliseconds at most. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const over = new AbortController();
  const late = sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
  await Promise.race([work.catch(() => undefined), late]);
  over.abort();
}
