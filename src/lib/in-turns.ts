import { setImmediate } from 'node:timers/promises';

/** How many items are worked at without a pause: a few milliseconds at a microsecond or ten each. */
const SLICE = 250;

/**
 * Maps a long list without keeping everybody else waiting: after each slice of it others have their turn. A short list is
 * mapped at once.
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
