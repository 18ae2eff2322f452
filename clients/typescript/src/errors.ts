/** Why the client itself can't do what it is told; what the ledger answers has the ledger's own codes. */
export type ClientErrorCode =
  | 'invalid_option'
  | 'invalid_key'
  | 'invalid_fact'
  | 'invalid_duration'
  | 'invalid_time'
  | 'fact_too_large'
  | 'spool_full'
  | 'spool_unwritable'
  | 'spool_unknown'
  | 'fact_refused'
  | 'closed';

/** An error of the client, with a code to branch on. It never holds a key. */
export class ClientError extends Error {
  override readonly name = 'ClientError';

  constructor(
    readonly code: ClientErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }
}

/** Whether something thrown is an error of this client, and of a code, if one is given. */
export function isClientError(error: unknown, code?: ClientErrorCode): error is ClientError {
  return error instanceof ClientError && (code === undefined || error.code === code);
}
