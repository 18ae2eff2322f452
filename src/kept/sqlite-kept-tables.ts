import type Database from 'better-sqlite3';

import { LongTransaction } from '../lib/long-transaction';
import type { KeptTables, Statement } from './kept-tables';
import { KEPT_STEPS } from './steps';

/** The kept tables in the keys' file, over a connection of its own. */
export class SqliteKeptTables implements KeptTables {
  private constructor(private readonly db: Database.Database) {}

  /** Creates the tables that do not exist yet. */
  static in(db: Database.Database): SqliteKeptTables {
    db.transaction(() => {
      db.exec('CREATE TABLE IF NOT EXISTS kept_steps (name TEXT PRIMARY KEY) STRICT');
      for (const [name, statements] of Object.entries(KEPT_STEPS)) {
        const { changes } = db.prepare('INSERT OR IGNORE INTO kept_steps VALUES (?)').run(name);
        if (changes === 1) for (const statement of statements) db.exec(statement);
      }
    }).immediate();
    return new SqliteKeptTables(db);
  }

  /** Returns the tables for reading, over a connection that the caller has opened. */
  static beside(db: Database.Database): Pick<KeptTables, 'all'> {
    return new SqliteKeptTables(db);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection
  async all<Row>(sql: string, values: Statement['values'] = []): Promise<Row[]> {
    return this.db.prepare<unknown[], Row>(sql).all(...values);
  }

  // eslint-disable-next-line @typescript-eslint/require-await -- what it throws is a rejection
  async batch(statements: readonly Statement[]): Promise<number[]> {
    const run = this.db.transaction(() =>
      statements.map(({ sql, values = [] }) => this.db.prepare(sql).run(...values).changes),
    );
    return run.immediate();
  }

  async fill(statements: AsyncIterable<Statement>): Promise<void> {
    const transaction = new LongTransaction(this.db);
    transaction.begin();
    try {
      for await (const { sql, values = [] } of statements) {
        transaction.run(() => this.db.prepare(sql).run(...values));
      }
      transaction.commit();
    } catch (error) {
      transaction.rollBack();
      throw error;
    }
  }

  /** Does nothing: the file is opened with `secure_delete`, and its journal is deleted after each transaction. */
  scrub(): Promise<void> {
    return Promise.resolve();
  }
}
