import { readOpaque, refuseCursor, writeOpaque } from './cursor';

/** An opaque cursor of a list by id: the last id that was looked at, and what follows it in the list's order. */
export function writeIdCursor(id: string, ...more: readonly string[]): string {
  return writeOpaque(['id', id, ...more]);
}

/**
 * The texts in a cursor. Without one: as many empty texts, which come before all others.
 * @throws Problem `invalid_cursor` if it is of another list.
 */
export function readIdCursor(text: string | undefined, count = 1): readonly string[] {
  if (text === undefined) return Array.from({ length: count }, () => '');
  const [kind, ...ids] = readOpaque(text, count + 1);
  return kind === 'id' && ids.every((id) => typeof id === 'string') ? ids : refuseCursor();
}
