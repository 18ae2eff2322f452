/** A statement in the SQL that SQLite and PostgreSQL share: `?` stands for a value. */
export interface Statement {
  readonly sql: string;
  readonly values?: readonly (string | number | null)[];
}

/**
 * Tables that no rebuild drops, beside the keys: in `keys.db`, or in PostgreSQL in the schema `minutebook`. What is written
 * to them is a list of statements that hold together, so that no transaction waits for the program.
 */
export interface KeptTables {
  /** The rows of a query. */
  all<Row>(sql: string, values?: Statement['values']): Promise<Row[]>;
  /** Runs statements in this order, all or none. @returns how many rows each changed. */
  batch(statements: readonly Statement[]): Promise<number[]>;
  /**
   * Runs statements as they come, all or none: for more than fits into memory, at a start or in a command. Nobody else may
   * use the tables meanwhile.
   */
  fill(statements: AsyncIterable<Statement>): Promise<void>;
  /** Removes what deleted rows of a table left behind in the database's own files. */
  scrub(table: string): Promise<void>;
}
