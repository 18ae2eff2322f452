/** A statement in SQL that both SQLite and PostgreSQL accept. `?` stands for a value. */
export interface Statement {
  readonly sql: string;
  readonly values?: readonly (string | number | null)[];
}

/**
 * Tables that no rebuild drops, stored with the keys: in `keys.db`, or in PostgreSQL in the schema `minutebook`. A
 * write is a list of statements that run in one transaction, so no transaction waits for the program.
 */
export interface KeptTables {
  /** Returns the rows of a query. */
  all<Row>(sql: string, values?: Statement['values']): Promise<Row[]>;
  /** Runs statements in this order, all or none. @returns how many rows each one changed. */
  batch(statements: readonly Statement[]): Promise<number[]>;
  /**
   * Runs statements as they arrive, all or none: for more than fits into memory, at a start or in a command. Nobody
   * else may use the tables meanwhile.
   */
  fill(statements: AsyncIterable<Statement>): Promise<void>;
  /** Removes what a table's deleted rows left behind, as far as that takes no lock that readers wait for. */
  scrub(table: string): Promise<void>;
}
