import Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { migrateReadModel } from '../migrations';
import { openSnapshot, ReadModelSnapshot, type OpenSnapshot } from '../queries';
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
    return new SqliteReadModel(queries, connect(path), path);
  }

  /** A read model in memory, gone when it is closed: for tests. */
  static inMemory(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(new Database(':memory:'));
  }

  /** A read model in a file without a name, gone when it is closed: for answers as of another place. */
  static temporary(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(new Database(''));
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
    /** `undefined` where there is one connection for all. */
    private readonly path?: string,
  ) {
    this.rows = new SqliteRowStore(writer);
  }

  /**
   * Opens a snapshot on a connection of its own, for reads that take long. One that has no file is read as it is:
   * nobody writes to it by then.
   */
  async openSnapshot(): Promise<OpenSnapshot> {
    if (this.path === undefined) {
      return { snapshot: new ReadModelSnapshot(this.queries), close: () => Promise.resolve() };
    }
    return openReadOnly(this.path);
  }

  async close(): Promise<void> {
    this.writer.close();
    await this.queries.destroy();
  }
}

/** A snapshot of a read model's file, beside whoever writes to it. It does not change the file. */
export async function openReadOnly(path: string): Promise<OpenSnapshot> {
  const database = new Database(path, { readonly: true, fileMustExist: true });
  database.pragma('busy_timeout = 5000');
  const db = new Kysely<ReadModelTables>({ dialect: new SqliteDialect({ database }) });
  try {
    return await openSnapshot(db, () => db.destroy());
  } catch (error) {
    await db.destroy();
    throw error;
  }
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
  db.pragma('cache_size = -65536');
  db.pragma('wal_autocheckpoint = 4000');
  return db;
}
