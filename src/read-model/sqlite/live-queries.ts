import type { Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { migrateReadModel } from '../migrations';
import type { ReadModelTables } from '../tables';
import { connect, READER_CACHE_KB } from './connect';
import { KeptStatements } from './kept-statements';
import { SqliteRowStore } from './sqlite-row-store';

/**
 * The connections to the live file of who answers from it. They are exchanged for those of another file without those who
 * hold this knowing.
 */
export class LiveQueries {
  readonly queries: Kysely<ReadModelTables>;
  /** For reads beside the snapshots of {@link queries}. */
  rows!: SqliteRowStore;
  private beside!: Database;
  private statements: KeptStatements;

  /** Opens the file, and makes it if it is not there. */
  static async open(path: string): Promise<LiveQueries> {
    const live = new LiveQueries(path, connect(path, READER_CACHE_KB));
    try {
      if (await migrateReadModel(live.queries as unknown as Kysely<unknown>)) live.scrub();
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
   * Runs work while no query does. Queries that have begun end first; those that come meanwhile wait.
   * @param work is given what opens the file that stands at the path by then.
   */
  pause<T>(work: (reopen: () => void) => Promise<T>): Promise<T> {
    // There is one connection for queries, and whoever has it has no transaction open on it.
    return this.queries.connection().execute(() => work(() => this.reopen()));
  }

  close(): Promise<void> {
    return this.queries.destroy();
  }

  private reopen(): void {
    const old = [this.reader, this.beside];
    this.reader = connect(this.path, READER_CACHE_KB);
    this.statements = new KeptStatements(this.reader);
    this.openBeside();
    // A row that is asked for in this very moment is still read from the old file.
    setImmediate(() => old.forEach((one) => one.close()));
  }

  /** An older version held personal values readable, in pages that are free now and in the log. */
  private scrub(): void {
    this.reader.exec('VACUUM');
    this.reader.pragma('wal_checkpoint(TRUNCATE)');
  }

  private openBeside(): void {
    this.beside = connect(this.path, READER_CACHE_KB);
    this.rows = new SqliteRowStore(this.beside);
  }

  private closeBoth(): void {
    this.beside?.close();
    this.reader.close();
  }
}
