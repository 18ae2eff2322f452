import { setFlagsFromString } from 'node:v8';

/**
 * Collects garbage before the heap grows to several times its live objects, as V8 lets it on a machine with much
 * memory. For a process that reads a whole ledger and keeps little of it: it takes a tenth more time and a third less
 * memory.
 * Unlike a limit, it can make nothing fail.
 * @param growingPercent how far heaps may grow past their live objects before garbage is collected.
 */
export function keepHeapSmall(growingPercent = 50): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
}
