import type { ResourceLimits } from 'node:worker_threads';

import type { Config } from '../../config/config';

/**
 * What a thread's heap may come to before the thread is ended, and started again: a bound on what goes wrong, not what it
 * takes.
 */
export function heapOf({ limits, memory }: Pick<Config, 'limits' | 'memory'>): ResourceLimits {
  return {
    maxOldGenerationSizeMb: limits.threadHeapMb,
    maxYoungGenerationSizeMb: memory.youngObjectsMb,
  };
}
