import type { ResourceLimits } from 'node:worker_threads';

import type { Config } from '../../config/config';

/**
 * Returns the limits on a thread's heap. A thread that exceeds them ends and is started again. They only stop a thread
 * that has gone wrong: a healthy one needs less.
 * @param youngObjectsMb V8's space for young objects. Default: that of any thread (`lib/thread.ts`).
 */
export function heapOf(
  { limits }: Pick<Config, 'limits'>,
  youngObjectsMb?: number,
): ResourceLimits {
  const old = { maxOldGenerationSizeMb: limits.threadHeapMb };
  return youngObjectsMb === undefined ? old : { ...old, maxYoungGenerationSizeMb: youngObjectsMb };
}
