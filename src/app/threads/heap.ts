import type { ResourceLimits } from 'node:worker_threads';

import type { Config } from '../../config/config';

/**
 * Returns the limits on a thread's heap. A thread that exceeds them ends and is started again: they bound what goes
 * wrong, and are not what a thread needs.
 */
export function heapOf({ limits, memory }: Pick<Config, 'limits' | 'memory'>): ResourceLimits {
  return {
    maxOldGenerationSizeMb: limits.threadHeapMb,
    maxYoungGenerationSizeMb: memory.youngObjectsMb,
  };
}
