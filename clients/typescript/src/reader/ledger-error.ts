import type { Schema } from './paths.js';

/** The ledger's codes, and the client's for failures without an answer of the ledger. */
export type LedgerErrorCode =
  | Schema<'Code'>
  /** No answer: the network failed, or nothing listens there. */
  | 'unreachable'
  | 'timeout'
  /** The key function returned a key that can't be sent: no request was made. */
  | 'invalid_key'
  /** The caller's signal aborted the read. */
  | 'aborted'
  /** An answer that is not from a ledger, such as a proxy's. */
  | 'unexpected_answer';

/** A failed read. It can be thrown, or inspected as a value. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  constructor(
    readonly code: LedgerErrorCode,
    /** What to do, in a sentence. */
    readonly detail: string,
    /** The HTTP status; `null` if there was no answer. */
    readonly status: number | null = null,
    /** Where the mistake is: a JSON pointer, or the name of a parameter. */
    readonly pointer: string | null = null,
    /** After how many milliseconds another try may help, if the ledger says. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Whether a thrown value is a LedgerError and, if a code is given, has that code. */
export function isLedgerError<C extends LedgerErrorCode = LedgerErrorCode>(
  error: unknown,
  code?: C,
): error is LedgerError & { readonly code: C } {
  return error instanceof LedgerError && (code === undefined || error.code === code);
}
