import { setImmediate } from 'node:timers/promises';

/** How many items are mapped without a pause: at most a few milliseconds of work, at 1 to 10 µs each. */
const SLICE = 250;

/**
 * Maps a long list without blocking the event loop: pauses after each slice, so that other work gets its turn. Maps a
 * short list without a pause.
 */
export async function mapInTurns<T, R>(
  items: readonly T[],
  map: (item: T, index: number) => R,
): Promise<R[]> {
  const mapped: R[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % SLICE === 0) await setImmediate();
    mapped.push(map(item, index));
  }
  return mapped;
}
