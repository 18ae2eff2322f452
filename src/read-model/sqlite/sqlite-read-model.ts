import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

import type Database from 'better-sqlite3';
import { Kysely, SqliteDialect } from 'kysely';

import { identityOf, realPathOf } from '../../event-store/file-identity';
import { checkReadModelVersion, migrateReadModel } from '../migrations';
import type { RowsToRead } from '../rows';
import type { ReadModelTables } from '../tables';
import { connect } from './connect';
import { KeptStatements } from './kept-statements';
import { isBeingReplaced } from './place';
import { nameDamage } from './soundness';
import { SqliteRowStore } from './sqlite-row-store';
import { SqliteDatabase } from '../../lib/sqlite';

const OPEN_TRIES = 40;
const OPEN_PAUSE_MS = 50;

/** A file that is read beside whoever writes to it. */
export interface ReadModelFileReader {
  readonly queries: Kysely<ReadModelTables>;
  /** Its rows as the projector reads them, on the same connection. */
  rows(): RowsToRead;
  /** Returns whether no other file has taken its place. */
  isCurrent(): boolean;
  close(): Promise<void>;
}

/** A read model in a SQLite file of its own: one connection for the projector, one for queries. */
export class SqliteReadModel {
  /** Opens the file, or creates it. Deleting it loses nothing: it is filled from the events. */
  static async open(path: string): Promise<SqliteReadModel> {
    const queries = new Kysely<ReadModelTables>({
      dialect: new SqliteDialect({ database: connect(path) }),
    });
    await migrateReadModel(queries as unknown as Kysely<unknown>, path);
    return new SqliteReadModel(queries, connect(path));
  }

  /** A read model in memory, gone when it is closed: for tests. */
  static inMemory(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(new SqliteDatabase(':memory:'));
  }

  /** A read model in a file without a name, gone when it is closed: for answers as of another position. */
  static temporary(): Promise<SqliteReadModel> {
    return SqliteReadModel.over(scratch());
  }

  /**
   * Opens the file of another process for reading only, beside whoever writes to it.
   * @throws Error if there is no read model at the path, or one of another version of the program.
   */
  static async openReader(given: string): Promise<ReadModelFileReader> {
    const path = realPathOf(given);
    if (!existsSync(path) && !isBeingReplaced(path)) {
      throw new Error(
        `There is no read model at ${path}. Start the service on this ledger: it creates the read model.`,
      );
    }
    const { database, identity } = await openPlace(path).catch((error: unknown) => {
      throw nameDamage(path, error);
    });
    const statements = new KeptStatements(database);
    const queries = new Kysely<ReadModelTables>({
      dialect: new SqliteDialect({
        database: { prepare: (sql) => statements.prepare(sql), close: () => database.close() },
      }),
    });
    try {
      await checkReadModelVersion(queries as unknown as Kysely<unknown>);
    } catch (error) {
      await queries.destroy();
      throw nameDamage(path, error);
    }
    return {
      queries,
      rows: () => new SqliteRowStore(database),
      isCurrent: () => identityOf(path) === identity && !isBeingReplaced(path),
      close: () => queries.destroy(),
    };
  }

  private static async over(db: Database.Database): Promise<SqliteReadModel> {
    const queries = new Kysely<ReadModelTables>({ dialect: new SqliteDialect({ database: db }) });
    await migrateReadModel(queries as unknown as Kysely<unknown>, db.name);
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

/**
 * Opens the file at a path while another process may be putting a new file in its place. The file and the log beside it
 * must belong together.
 */
async function openPlace(path: string): Promise<{ database: Database.Database; identity: string }> {
  for (let tries = 0; tries < OPEN_TRIES; tries += 1) {
    const identity = identityOf(path);
    if (identity !== undefined && !isBeingReplaced(path)) {
      const database = new SqliteDatabase(path, { readonly: true });
      try {
        database.pragma('busy_timeout = 5000');
        // The first read opens the log.
        database.pragma('schema_version');
        if (!isBeingReplaced(path) && identityOf(path) === identity) return { database, identity };
        database.close();
      } catch (error) {
        database.close();
        throw error;
      }
    }
    await sleep(OPEN_PAUSE_MS);
  }
  throw new Error(
    `A rebuild of the read model ${path} was interrupted just before the new file took its place. Start the service, or run the command \`rebuild\`: either completes that.`,
  );
}

/** Larger caches are no faster: the operating system caches the file's pages too. A verification has four of them. */
const SCRATCH_CACHE_KB = 4_096;

/** Opens a database without tables in a file without a name, gone when it is closed. */
export function temporaryDatabase<T>(): Kysely<T> {
  return new Kysely<T>({ dialect: new SqliteDialect({ database: scratch() }) });
}

/**
 * Opens a database that does not outlive the process: it has no journal on the disk, and its file is written only when
 * the cache is full.
 */
function scratch(): Database.Database {
  const db = new SqliteDatabase('');
  db.pragma('journal_mode = MEMORY');
  db.pragma('synchronous = OFF');
  db.pragma(`cache_size = -${SCRATCH_CACHE_KB}`);
  return db;
}
