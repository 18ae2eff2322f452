import type { Schema } from './paths.js';

/** The ledger's codes, and those for what never came from it. */
export type LedgerErrorCode =
  | Schema<'Code'>
  /** No answer: the network, or nobody there. */
  | 'unreachable'
  | 'timeout'
  /** The function that gives the key gave none that can be sent: nothing was asked. */
  | 'invalid_key'
  /** The caller's signal. */
  | 'aborted'
  /** An answer that the ledger does not give, such as a proxy's. */
  | 'unexpected_answer';

/** A read that did not give what was asked for. An `Error` to throw, and a value to look at. */
export class LedgerError extends Error {
  override readonly name = 'LedgerError';

  constructor(
    readonly code: LedgerErrorCode,
    /** What to do, in a sentence. */
    readonly detail: string,
    /** Of the answer; `null` if there was none. */
    readonly status: number | null = null,
    /** Where the mistake is (a JSON pointer; of a parameter, its name). */
    readonly pointer: string | null = null,
    /** After how long another try may help, as far as the ledger says. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(`${code}: ${detail}`);
  }
}

/** Whether something thrown is an error of a read, and of a code, if one is given. */
export function isLedgerError<C extends LedgerErrorCode = LedgerErrorCode>(
  error: unknown,
  code?: C,
): error is LedgerError & { readonly code: C } {
  return error instanceof LedgerError && (code === undefined || error.code === code);
}
