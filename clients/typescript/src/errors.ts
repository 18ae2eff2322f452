/** Codes of the client's own errors. Errors that the ledger answers have the ledger's codes. */
export type ClientErrorCode =
  | 'invalid_option'
  | 'invalid_key'
  | 'invalid_field'
  | 'fact_too_large'
  | 'spool_full'
  | 'spool_unwritable'
  | 'spool_unknown'
  | 'fact_refused'
  | 'closed';

/** An error in the client, with a code to branch on. It never contains a key. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** The field at fault, with `invalid_field`. */
  readonly field: string | undefined;

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    options?: { readonly cause?: unknown; readonly field?: string },
  ) {
    super(message, options);
    this.field = options?.field;
  }
}

/** Whether a thrown value is a ClientError and, if a code is given, has that code. */
export function isClientError(error: unknown, code?: ClientErrorCode): error is ClientError {
  return error instanceof ClientError && (code === undefined || error.code === code);
}
