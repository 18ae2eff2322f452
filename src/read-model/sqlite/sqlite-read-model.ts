import { existsSync } from 'node:fs';

import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { checkReadModelVersion, migrateReadModel } from '../migrations';
import type { ReadModelTables } from '../tables';
import { SqliteRowStore } from './sqlite-row-store';

/** A read model in a SQLite file of its own: one connection for the projector, one for queries. */
export class SqliteReadModel {
  /** Opens the file, and makes it if it is not there. Deleting it loses nothing: it is filled from the events. */
  static async open(path: string): Promise<SqliteReadModel> {
    const queries = new Kysely<ReadModelTables>({
      dialect: new SqliteDialect({ database: connect(path) }),
    });
    await migrateReadModel(queries as unknown as Kysely<unknown>);
    return new SqliteReadModel(queries, connect(path));
  }

  /** A read model in memory, gone when it is closed: for tests. */
  static inMemory(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(new Database(':memory:'));
  }

  /** A read model in a file without a name, gone when it is closed: for answers as of another place. */
  static temporary(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(scratch());
  }

  /**
   * Opens the file of another one to read alone, beside whoever writes to it.
   * @throws Error where there is no read model at the path, or one of another version of the program.
   */
  static async openReader(
    path: string,
  ): Promise<{ queries: Kysely<ReadModelTables>; close: () => Promise<void> }> {
    if (!existsSync(path)) {
      throw new Error(
        `There is no read model at ${path}. A service that serves the ledger makes it.`,
      );
    }
    const database = new Database(path, { readonly: true });
    database.pragma('busy_timeout = 5000');
    const queries = new Kysely<ReadModelTables>({ dialect: new SqliteDialect({ database }) });
    try {
      await checkReadModelVersion(queries as unknown as Kysely<unknown>);
    } catch (error) {
      await queries.destroy();
      throw error;
    }
    return { queries, close: () => queries.destroy() };
  }

  private static async over(db: Database.Database): Promise<SqliteReadModel> {
    const queries = new Kysely<ReadModelTables>({ dialect: new SqliteDialect({ database: db }) });
    await migrateReadModel(queries as unknown as Kysely<unknown>);
    return new SqliteReadModel(queries, db);
  }

  readonly rows: SqliteRowStore;

  private constructor(
    readonly queries: Kysely<ReadModelTables>,
    private readonly writer: Database.Database,
  ) {
    this.rows = new SqliteRowStore(writer);
  }

  async close(): Promise<void> {
    this.writer.close();
    await this.queries.destroy();
  }
}

/** A database without tables in a file without a name, gone when it is closed. */
export function temporaryDatabase<T>(): Kysely<T> {
  return new Kysely<T>({ dialect: new SqliteDialect({ database: scratch() }) });
}

/** Nothing in it outlives the process: no journal on the disk, and the file only where the cache is full. */
function scratch(): Database.Database {
  const db = new Database('');
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  db.pragma('cache_size = -32768');
  return db;
}

/**
 * `synchronous=NORMAL`: after a power loss the newest rows may be gone, but rows and checkpoint go together, and
 * the events that they came from are there.
 */
function connect(path: string): Database.Database {
  const db = new Database(path);
  db.pragma('busy_timeout = 5000');
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = NORMAL');
  db.pragma('cache_size = -32768');
  db.pragma('wal_autocheckpoint = 4000');
  return db;
}
