import type { Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { migrateReadModel } from '../migrations';
import type { ReadModelTables } from '../tables';
import { connect, SMALL_CACHE_KB } from './connect';
import { KeptStatements } from './kept-statements';
import { SqliteRowStore } from './sqlite-row-store';

/**
 * The serving side's connections to the live file. They can be switched to another file without their users noticing.
 */
export class LiveQueries {
  readonly queries: Kysely<ReadModelTables>;
  /** For reads beside the snapshots of {@link queries}. */
  rows!: SqliteRowStore;
  private beside!: Database;
  private statements: KeptStatements;

  /** Opens the file, or creates it. */
  static async open(path: string): Promise<LiveQueries> {
    const live = new LiveQueries(path, connect(path, SMALL_CACHE_KB));
    try {
      if (await migrateReadModel(live.queries as unknown as Kysely<unknown>, path)) live.scrub();
      live.openBeside();
      return live;
    } catch (error) {
      live.closeBoth();
      throw error;
    }
  }

  private constructor(
    private readonly path: string,
    private reader: Database,
  ) {
    this.statements = new KeptStatements(reader);
    this.queries = new Kysely<ReadModelTables>({
      dialect: new SqliteDialect({
        database: {
          prepare: (sql) => this.statements.prepare(sql),
          close: () => this.closeBoth(),
        },
      }),
    });
  }

  /**
   * Runs work while no query runs. Queries that have begun end first; new ones wait.
   * @param work receives a function that opens the file that is at the path when it is called.
   */
  pause<T>(work: (reopen: () => void) => Promise<T>): Promise<T> {
    // There is one connection for queries. While this holds it, no transaction is open on it.
    return this.queries.connection().execute(() => work(() => this.reopen()));
  }

  close(): Promise<void> {
    return this.queries.destroy();
  }

  /** @throws Error if the file cannot be opened; the old one then stays open. */
  private reopen(): void {
    const old = [this.reader, this.beside];
    const reader = connect(this.path, SMALL_CACHE_KB);
    try {
      this.openBeside();
    } catch (error) {
      reader.close();
      throw error;
    }
    this.reader = reader;
    this.statements = new KeptStatements(reader);
    // A read that is under way at this moment still uses the old file.
    setImmediate(() => old.forEach((one) => one.close()));
  }

  /** Removes the readable personal values of an older version from free pages and from the log. */
  private scrub(): void {
    this.reader.exec('VACUUM');
    this.reader.pragma('wal_checkpoint(TRUNCATE)');
  }

  private openBeside(): void {
    this.beside = connect(this.path, SMALL_CACHE_KB);
    this.rows = new SqliteRowStore(this.beside);
  }

  private closeBoth(): void {
    this.beside?.close();
    this.reader.close();
  }
}
