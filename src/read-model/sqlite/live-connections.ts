import type { Database } from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { migrateReadModel } from '../migrations';
import type { ReadModelTables } from '../tables';
import { connect } from './connect';
import { SqliteRowStore } from './sqlite-row-store';

/**
 * The connections to the live file: one for queries, one for the projector. They are exchanged for those of another file
 * without those who hold this knowing.
 */
export class LiveConnections {
  /** Counts the files that there have been. */
  generation = 0;
  readonly queries: Kysely<ReadModelTables>;
  private last: Promise<unknown> = Promise.resolve();

  static async open(path: string): Promise<LiveConnections> {
    const live = new LiveConnections(path, connect(path));
    try {
      await migrateReadModel(live.queries as unknown as Kysely<unknown>);
      live.writer = connect(path);
      live.rows = new SqliteRowStore(live.writer);
      return live;
    } catch (error) {
      live.closeBoth();
      throw error;
    }
  }

  rows!: SqliteRowStore;
  private writer: Database | undefined;

  private constructor(
    private readonly path: string,
    private reader: Database,
  ) {
    this.queries = new Kysely<ReadModelTables>({
      dialect: new SqliteDialect({
        database: {
          prepare: (sql) => this.reader.prepare<unknown[]>(sql),
          close: () => this.closeBoth(),
        },
      }),
    });
  }

  /** Runs work while no other such work runs: commits, and the exchange. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /**
   * Puts another file at the path and opens it. Reads that have begun end on the old one first; those that come
   * meanwhile wait for the new one.
   */
  exchange(putInPlace: () => void): Promise<void> {
    // There is one connection for queries, and whoever has it has no transaction open on it.
    return this.queries.connection().execute(() => {
      putInPlace();
      const [reader, writer] = [connect(this.path), connect(this.path)];
      const old = [this.reader, this.writer];
      this.rows = new SqliteRowStore(writer);
      [this.reader, this.writer] = [reader, writer];
      this.generation += 1;
      // A row that is asked for in this very moment is still read from the old file.
      setImmediate(() => old.forEach((one) => one?.close()));
      return Promise.resolve();
    });
  }

  close(): Promise<void> {
    return this.queries.destroy();
  }

  private closeBoth(): void {
    this.writer?.close();
    this.reader.close();
  }
}
