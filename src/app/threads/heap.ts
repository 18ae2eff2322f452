import type { ResourceLimits } from 'node:worker_threads';

import type { Config } from '../../config/config';

/**
 * Returns the limits on a thread's heap. A thread that exceeds them ends and is started again. They are a safety
 * bound: a healthy thread needs less.
 */
export function heapOf({ limits, memory }: Pick<Config, 'limits' | 'memory'>): ResourceLimits {
  return {
    maxOldGenerationSizeMb: limits.threadHeapMb,
    maxYoungGenerationSizeMb: memory.youngObjectsMb,
  };
}
