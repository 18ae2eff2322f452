import { Problem } from './problem';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

/** A page of a list, as the API returns it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** Returns a page of a short list that is wholly in memory, sorted by a text that is different for each item. */
export function pageByKey<Item, T>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
  cursor: string | undefined,
  limit: number,
  view: (item: Item) => T,
): Page<T> {
  const after = cursor === undefined ? undefined : readKey(cursor);
  const rest = after === undefined ? items : items.filter((item) => keyOf(item) > after);
  const shown = rest.slice(0, limit);
  const last = shown.at(-1);
  const more = rest.length > shown.length && last !== undefined;
  return {
    items: shown.map(view),
    next_cursor: more ? writeOpaque([keyOf(last)]) : null,
  };
}

/** Returns a text that sorts things by the time they were made (milliseconds since 1970), then by id. */
export function placeInTime(madeAt: number, id: string): string {
  return `${String(madeAt).padStart(16, '0')} ${id}`;
}

function readKey(cursor: string): string {
  const [key] = readOpaque(cursor, 1);
  return typeof key === 'string' ? key : refuseCursor();
}

/** Encodes values as an opaque text for a cursor. */
export function writeOpaque(values: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(values)).toString('base64url');
}

/** Returns the values of a cursor. @throws Problem `invalid_cursor` if it does not hold one of these numbers of values. */
export function readOpaque(cursor: string, ...counts: readonly number[]): readonly unknown[] {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(value) && counts.includes(value.length)) return value as unknown[];
  } catch {
    // Not a cursor: refused below.
  }
  return refuseCursor();
}

/** @throws Problem `invalid_cursor`, always. */
export function refuseCursor(): never {
  throw new Problem(
    'invalid_cursor',
    "cursor must be next_cursor from this list's previous answer.",
    { pointer: '/cursor' },
  );
}
