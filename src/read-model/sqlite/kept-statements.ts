import type { Database, Statement } from 'better-sqlite3';

import { BoundedMap } from '../../lib/bounded-map';

/** More than there are shapes of queries. */
const KEPT = 200;

/**
 * The statements of a connection by their text. Kysely prepares each query when it runs; to compile the SQL took as long as
 * to read a row or two.
 */
export class KeptStatements {
  private readonly statements = new BoundedMap<string, Statement<unknown[]>>(KEPT);

  constructor(private readonly database: Database) {}

  prepare(sql: string): Statement<unknown[]> {
    const kept = this.statements.get(sql);
    // One that is being iterated over can't run a second time.
    if (kept !== undefined && !kept.busy) return kept;
    const statement = this.database.prepare<unknown[]>(sql);
    this.statements.set(sql, statement);
    return statement;
  }
}
