import type { After } from '../read-model/queries';
import { Problem } from '../platform/problem';

export const DEFAULT_LIMIT = 50;
export const MAX_LIMIT = 500;

/** A page of a list, as people see it. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

/** An opaque cursor: the place of the last row shown. It stays right while rows are added. */
function writeCursor({ completed_at, session_id, attempt }: After): string {
  return Buffer.from(JSON.stringify([completed_at, session_id, attempt])).toString('base64url');
}

/** @throws Problem `invalid_cursor` where a list did not give it. */
export function readCursor(text: string | undefined): After | undefined {
  if (text === undefined) return undefined;
  try {
    const value = JSON.parse(Buffer.from(text, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(value) && value.length === 3) {
      const [completed_at, session_id, attempt] = value as unknown[];
      if (
        Number.isSafeInteger(completed_at) &&
        typeof session_id === 'string' &&
        Number.isSafeInteger(attempt)
      ) {
        return { completed_at, session_id, attempt } as After;
      }
    }
  } catch {
    // Falls through to the refusal: it is no cursor, whatever it is.
  }
  return refuseCursor();
}

/** A page of rows that were read with one more than `limit`, to know whether there are more. */
export function toPage<Row extends After, T>(
  rows: readonly Row[],
  limit: number,
  view: (row: Row) => T,
): Page<T> {
  const shown = rows.slice(0, limit);
  const more = rows.length > limit;
  return {
    items: shown.map(view),
    next_cursor: more ? writeCursor(shown[shown.length - 1]!) : null,
  };
}

/** A page of a short list that is at hand as a whole, sorted by a text that names each item. */
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
    next_cursor: more ? Buffer.from(JSON.stringify([keyOf(last)])).toString('base64url') : null,
  };
}

function readKey(cursor: string): string {
  try {
    const value = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown;
    if (Array.isArray(value) && value.length === 1 && typeof value[0] === 'string') return value[0];
  } catch {
    // Falls through to the refusal: it is no cursor, whatever it is.
  }
  return refuseCursor();
}

/** @throws Problem `invalid_cursor`, always. */
export function refuseCursor(): never {
  throw new Problem(
    'invalid_cursor',
    "cursor must be the next_cursor of this list's answer before.",
    { pointer: '/cursor' },
  );
}
