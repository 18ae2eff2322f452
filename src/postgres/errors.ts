import { isNativeError } from 'node:util/types';

import { DatabaseError } from 'pg';

import { PostgresUnavailableError } from './unavailable';

/** Makes the error that says why PostgreSQL can't be reached. */
export function unavailable(cause: unknown): PostgresUnavailableError {
  return new PostgresUnavailableError(`PostgreSQL cannot be reached: ${reasonOf(cause)}`, {
    cause,
  });
}

/**
 * SQLSTATEs, by class or in full, of failures that may pass: a lost connection (08), a deadlock or the like (40), too
 * few resources (53), a statement that took too long or a server that stops or starts (57), a failing disk (58), a
 * primary that has become a standby (25006), and a lock that is not free (55P03).
 */
const PASSING = /^(08|40|53|57|58)|^(25006|25P03|55P03)$/;

/** Codes of the operating system, such as ECONNRESET. TLS errors have other codes, and do not pass. */
const OF_SYSTEM = /^E(?!RR_)[A-Z_]+$/;
/** Messages of client errors that have no code: those after which the connection is gone. */
const OF_CLIENT = /terminated|timeout|not queryable/i;

/** Turns an error of the client or server into one of ours if it may pass. Any other error is returned unchanged. */
export function asOurs(error: unknown): unknown {
  if (error instanceof PostgresUnavailableError || !isNativeError(error)) return error;
  if (error instanceof DatabaseError) {
    return PASSING.test(error.code ?? '') ? unavailable(error) : error;
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isPassing = OF_SYSTEM.test(code) || OF_CLIENT.test(message);
  return isPassing ? unavailable(error) : error;
}

/**
 * SQLSTATEs of a connection that the server does not allow: a refused login, a right or a database that is missing. The
 * start ends with them (`refusals.ts`). A running service was let in before, so what changed may change back: a password
 * that is being rotated, a database that is being restored.
 */
const NOT_LET_IN = /^(28|3D000$|42501$)/;

/** Like {@link asOurs}, for an error of connecting: the server may let the service in later. */
export function asOursAtConnect(error: unknown): unknown {
  if (!(error instanceof DatabaseError) || !NOT_LET_IN.test(error.code ?? '')) return asOurs(error);
  return new PostgresUnavailableError(
    `PostgreSQL refuses the connection: ${error.message}. Check the user, password and database of READ_MODEL_URL. A running service tries again by itself, but reads READ_MODEL_URL only when it starts.`,
    { cause: error },
  );
}

/** A missing schema, table or column: it belongs to another version, or somebody removed it. */
const MISSING = /^(3F000|42P01|42703)$/;

export function isOfMissing(error: unknown): boolean {
  return error instanceof DatabaseError && MISSING.test(error.code ?? '');
}

/** Returns what went wrong, without anything that the client may quote from its configuration. */
function reasonOf(cause: unknown): string {
  if (cause instanceof DatabaseError) return `${cause.message}.`;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code !== undefined && code !== '') return `${code}.`;
  return /timeout/i.test(message) ? 'it took too long to answer.' : 'the connection broke.';
}
