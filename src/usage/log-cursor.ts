import { readOpaque, refuseCursor, writeOpaque, type Page } from '../http/cursor';
import type { After, LogAfter } from '../read-model/queries';

/** A place in a list of attempts or of usage logs. */
type Place = After & Partial<LogAfter>;

/** Encodes an opaque cursor: the position in the list of the last row shown. It stays valid while rows are added. */
function writeCursor({ completed_at, session_id, attempt, late_position }: Place): string {
  const place = [completed_at, session_id, attempt];
  return writeOpaque(late_position === undefined ? place : [...place, late_position]);
}

/** Reads the cursor of a list of attempts. @throws Problem `invalid_cursor` if it is not from such a list. */
export function readCursor(text: string | undefined): After | undefined {
  return text === undefined ? undefined : placeOf(readOpaque(text, 3));
}

/** Reads the cursor of a list of usage logs. @throws Problem `invalid_cursor` if it is not from such a list. */
export function readLogCursor(text: string | undefined): LogAfter | undefined {
  if (text === undefined) return undefined;
  const values = readOpaque(text, 3, 4);
  // Older versions wrote three values, and showed no other log of the same place afterwards.
  const late_position = values[3] ?? Number.MAX_SAFE_INTEGER;
  if (!Number.isSafeInteger(late_position)) refuseCursor();
  return { ...placeOf(values), late_position: late_position as number };
}

function placeOf([completed_at, session_id, attempt]: readonly unknown[]): After {
  const isPlace =
    Number.isSafeInteger(completed_at) &&
    typeof session_id === 'string' &&
    Number.isSafeInteger(attempt);
  return isPlace ? ({ completed_at, session_id, attempt } as After) : refuseCursor();
}

/** Makes a page from rows. The caller reads one more than `limit`, which shows whether there are more. */
export function toPage<Row extends Place, T>(
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
