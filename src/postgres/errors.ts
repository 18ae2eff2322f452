import { isNativeError } from 'node:util/types';

import { DatabaseError } from 'pg';

/** PostgreSQL cannot be asked now; later it may be. The message holds nothing secret. */
export class PostgresUnavailableError extends Error {
  constructor(cause: unknown) {
    super(`PostgreSQL can not be asked: ${reasonOf(cause)}`, { cause });
    this.name = 'PostgresUnavailableError';
  }
}

/**
 * By class of SQLSTATE, or by the whole of it: connection lost (08), a deadlock or the like (40), too little of
 * something (53), a statement that took too long, a server that stops or starts (57), its disk (58), and a primary
 * that has become a standby.
 */
const PASSING = /^(08|40|53|57|58)|^(25006|25P03|55P03)$/;

/** Of the operating system, such as ECONNRESET; what TLS finds wrong has other codes, and stays wrong. */
const OF_SYSTEM = /^E(?!RR_)[A-Z_]+$/;
/** Of the client's own, which has no codes: all that ends with the connection. */
const OF_CLIENT = /terminated|timeout|not queryable/i;

/** An error of the client or the server as one of ours; what is wrong with a statement, and for good, stays as it is. */
export function asOurs(error: unknown): unknown {
  if (error instanceof PostgresUnavailableError || !isNativeError(error)) return error;
  if (error instanceof DatabaseError) {
    return PASSING.test(error.code ?? '') ? new PostgresUnavailableError(error) : error;
  }
  const { code = '', message } = error as NodeJS.ErrnoException;
  const isPassing = OF_SYSTEM.test(code) || OF_CLIENT.test(message);
  return isPassing ? new PostgresUnavailableError(error) : error;
}

/** A schema, table or column that is not there: of another version, or somebody took it away. */
const MISSING = /^(3F000|42P01|42703)$/;

export function isOfMissing(error: unknown): boolean {
  return error instanceof DatabaseError && MISSING.test(error.code ?? '');
}

/** What went wrong, without what the client may quote of its configuration. */
function reasonOf(cause: unknown): string {
  if (cause instanceof DatabaseError) return `${cause.message}.`;
  const { code, message } = cause as NodeJS.ErrnoException;
  if (code !== undefined && code !== '') return `${code}.`;
  return /timeout/i.test(message) ? 'it took too long to answer.' : 'the connection broke.';
}
