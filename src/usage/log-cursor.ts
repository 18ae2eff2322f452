import { readOpaque, refuseCursor, writeOpaque, type Page } from '../http/cursor';
import type { After } from '../read-model/queries';

/** An opaque cursor: the place of the last row shown. It stays right while rows are added. */
function writeCursor({ completed_at, session_id, attempt }: After): string {
  return writeOpaque([completed_at, session_id, attempt]);
}

/** @throws Problem `invalid_cursor` if a list did not give it. */
export function readCursor(text: string | undefined): After | undefined {
  if (text === undefined) return undefined;
  const [completed_at, session_id, attempt] = readOpaque(text, 3);
  const isPlace =
    Number.isSafeInteger(completed_at) &&
    typeof session_id === 'string' &&
    Number.isSafeInteger(attempt);
  return isPlace ? ({ completed_at, session_id, attempt } as After) : refuseCursor();
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
