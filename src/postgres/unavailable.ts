/**
 * PostgreSQL can't be reached now, but may be later. The message holds no secret. It has a file of its own, so that
 * code that catches it need not load the client of PostgreSQL: each thread and command would take longer with it.
 */
export class PostgresUnavailableError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'PostgresUnavailableError';
  }
}
