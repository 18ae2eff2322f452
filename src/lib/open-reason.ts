/**
 * Errors of the language itself. Their messages quote what the program was reading: a part of a text that is not JSON,
 * or a value that is not a number.
 */
const QUOTING = new Set(['SyntaxError', 'TypeError', 'RangeError', 'ReferenceError', 'URIError']);

/**
 * Errors whose messages quote what PostgreSQL said, which may name addresses, users and databases: ours, and those of its
 * client, whose name is `error`.
 */
const OF_POSTGRES = new Set(['PostgresUnavailableError', 'RefusedByPostgresError', 'error']);

/**
 * Returns what an error says, for answers that everybody may read. They name no user, quote no event, and do not
 * describe the internal network.
 */
export function openReasonOf(error: unknown): string {
  // An error may come from another realm, or from a thread: then it is not an instance of this realm's class.
  const { name, message, cause } = (error ?? {}) as Partial<Error>;
  const causeName = (cause as Partial<Error> | null | undefined)?.name;
  if (OF_POSTGRES.has(name ?? '') || OF_POSTGRES.has(causeName ?? '')) {
    return "PostgreSQL returned an error or can't be reached. The service's log says which.";
  }
  if (name === undefined || message === undefined || QUOTING.has(name)) {
    return 'Something went wrong in the service; its log says what.';
  }
  return message;
}
