import type { LedgerError } from './ledger-error.js';

/** What a read came to: look at `ok` first. */
export type Answer<T> = Good<T> | Bad;

export interface Good<T> {
  readonly ok: true;
  readonly value: T;
  /** The place in the ledger that the answer is of, if it says. */
  readonly position: string | null;
  /** How many events are recorded and not yet in the answer, if it says. */
  readonly behind: number | null;
}

export interface Bad {
  readonly ok: false;
  readonly error: LedgerError;
}

/** The value of an answer, for those who would rather catch. @throws LedgerError if there is none. */
export function valueOf<T>(answer: Answer<T>): T {
  if (answer.ok) return answer.value;
  throw answer.error;
}
