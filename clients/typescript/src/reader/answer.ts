import type { LedgerError } from './ledger-error.js';

/** The result of a read: check `ok` first. */
export type Answer<T> = Good<T> | Bad;

export interface Good<T> {
  readonly ok: true;
  readonly value: T;
  /** The ledger position of the answer, if given. */
  readonly position: string | null;
  /** How many events are recorded but not yet in the answer, if given. */
  readonly behind: number | null;
}

export interface Bad {
  readonly ok: false;
  readonly error: LedgerError;
}

/** Returns the value of an answer, for callers who prefer exceptions. @throws LedgerError if there is none. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw answer.error;
}
