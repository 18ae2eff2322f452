import { Problem } from '../http/problem';
import { pageByKey, type Page } from '../http/cursor';
import type { Job, JobView, Outcome } from './jobs';

/** Returns a page of jobs, newest first, without the items that they found. */
export function pageOf(
  jobs: readonly Job<Outcome>[],
  cursor: string | undefined,
  limit: number,
): Page<JobView> {
  // A text key that sorts newest first: job numbers grow with time, so the key counts down, at a fixed width.
  const key = (job: Job<Outcome>) => String(Number.MAX_SAFE_INTEGER - job.number).padStart(16, '0');
  return pageByKey(jobs, key, cursor, limit, (job) => {
    const { items: _, ...rest } = (job.outcome?.result ?? {}) as { items?: unknown };
    return { ...job.view(), result: job.outcome === undefined ? null : rest };
  });
}

/** @throws Problem `not_found`. */
export function found<T>(job: T | undefined, what: string): T {
  if (job !== undefined) return job;
  throw new Problem(
    'not_found',
    `There is no ${what} with this id. The last 20 are kept, for a day.`,
  );
}
