import { readOpaque, refuseCursor, writeOpaque, type Page } from '../http/cursor';
import type { After } from '../read-model/queries';

/** Encodes an opaque cursor: the position in the list of the last row shown. It stays valid while rows are added. */
function writeCursor({ completed_at, session_id, attempt }: After): string {
  return writeOpaque([completed_at, session_id, attempt]);
}

/** @throws Problem `invalid_cursor` if it is not from this list. */
export function readCursor(text: string | undefined): After | undefined {
  if (text === undefined) return undefined;
  const [completed_at, session_id, attempt] = readOpaque(text, 3);
  const isPlace =
    Number.isSafeInteger(completed_at) &&
    typeof session_id === 'string' &&
    Number.isSafeInteger(attempt);
  return isPlace ? ({ completed_at, session_id, attempt } as After) : refuseCursor();
}

/** Makes a page from rows. The caller reads one more than `limit`, which shows whether there are more. */
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
