/** Why the client itself can't do what it is told; what the ledger answers has the ledger's own codes. */
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

/** An error of the client, with a code to branch on. It never holds a key. */
export class ClientError extends Error {
  override readonly name = 'ClientError';
  /** With `invalid_field`, the field at fault. */
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

/** Whether something thrown is an error of this client, and of a code, if one is given. */
export function isClientError(error: unknown, code?: ClientErrorCode): error is ClientError {
  return error instanceof ClientError && (code === undefined || error.code === code);
}
