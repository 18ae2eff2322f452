import type { ResourceLimits } from 'node:worker_threads';

/**
 * What a thread's heap may come to before the thread is ended, and started again: a bound on what goes wrong, not what it
 * takes.
 */
export const HEAP: ResourceLimits = { maxOldGenerationSizeMb: 2_048 };
