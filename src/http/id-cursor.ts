import { readOpaque, refuseCursor, writeOpaque } from './cursor';

/**
 * Encodes a cursor for a list by id: the last id that was read, and further texts if the id alone does not fix where
 * the list goes on.
 */
export function writeIdCursor(id: string, ...more: readonly string[]): string {
  return writeOpaque(['id', id, ...more]);
}

/**
 * Returns the texts in a cursor. Without a cursor, returns as many empty texts, which sort before all others.
 * @throws Problem `invalid_cursor` if the cursor belongs to another list.
 */
export function readIdCursor(text: string | undefined, count = 1): readonly string[] {
  if (text === undefined) return Array.from({ length: count }, () => '');
  const [kind, ...ids] = readOpaque(text, count + 1);
  return kind === 'id' && ids.every((id) => typeof id === 'string') ? ids : refuseCursor();
}
