/** The rank of a log: the values by which a statement is ordered. Instants are in milliseconds since 1970. */
export interface LogPlace {
  /** 0, or the ledger position of a late log: late logs come after all others. */
  readonly late_position: number;
  readonly completed_at: number;
  readonly session_id: string;
  readonly attempt: number;
}

/** A rank before all logs of a statement. */
export const FIRST_PLACE: LogPlace = {
  late_position: -1,
  completed_at: -1,
  session_id: '',
  attempt: 0,
};

/** A rank after all logs of a statement. */
export const LAST_PLACE: LogPlace = {
  late_position: Number.MAX_SAFE_INTEGER,
  completed_at: Number.MAX_SAFE_INTEGER,
  session_id: '\u007f',
  attempt: 0,
};

/** Returns the parts of a rank, in the order in which they are compared. */
export function placeValues(
  place: LogPlace,
): [late_position: number, completed_at: number, session_id: string, attempt: number] {
  return [place.late_position, place.completed_at, place.session_id, place.attempt];
}

/** Compares ranks in statement order: late logs last, then by time, session (by code point) and attempt. */
export function comparePlaces(a: LogPlace, b: LogPlace): number {
  return (
    a.late_position - b.late_position ||
    a.completed_at - b.completed_at ||
    // Session ids are ASCII, where code units, code points and a database's bytes agree.
    (a.session_id < b.session_id ? -1 : a.session_id > b.session_id ? 1 : a.attempt - b.attempt)
  );
}

export function isSamePlace(a: LogPlace, b: LogPlace): boolean {
  return (
    a.completed_at === b.completed_at &&
    a.session_id === b.session_id &&
    a.attempt === b.attempt &&
    a.late_position === b.late_position
  );
}

export function placeOnly({
  late_position,
  completed_at,
  session_id,
  attempt,
}: LogPlace): LogPlace {
  return { late_position, completed_at, session_id, attempt };
}

/** The average length, in logs, of a stretch: a run of neighbouring logs of a statement, rated together. */
export const STRETCH = 128;

/**
 * Returns whether a log begins a stretch of its statement. Only the log's session and attempt decide. So stretches do
 * not depend on the order in which logs arrived, and a log that is added or removed changes only the stretch that it is
 * in.
 */
export function beginsStretch(sessionId: string, attempt: number): boolean {
  let hash = 0x811c9dc5 ^ attempt;
  for (let at = 0; at < sessionId.length; at += 1) {
    hash = Math.imul(hash ^ sessionId.charCodeAt(at), 0x01000193);
  }
  // FNV's low bits depend too much on the last characters, so they are mixed with MurmurHash3's final steps.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) & (STRETCH - 1)) === 0;
}
