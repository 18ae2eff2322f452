import type { Database, Statement } from 'better-sqlite3';

import { BoundedMap } from '../../lib/bounded-map';

/** The most statements that are kept: more than there are different queries. */
const KEPT = 200;

/**
 * The prepared statements of a connection, by their text. Kysely prepares a query each time it runs it, and compiling
 * the SQL took as long as reading a row or two.
 */
export class KeptStatements {
  private readonly statements = new BoundedMap<string, Statement<unknown[]>>(KEPT);

  constructor(private readonly database: Database) {}

  prepare(sql: string): Statement<unknown[]> {
    const kept = this.statements.get(sql);
    // A statement that is being iterated over cannot run a second time.
    if (kept !== undefined && !kept.busy) return kept;
    const statement = this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
