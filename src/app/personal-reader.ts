import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import type Database from 'better-sqlite3';

import type { Config } from '../config/config';
import { SqliteKeptTables } from '../kept/sqlite-kept-tables';
import { KeptPersonalSecrets } from '../personal/kept-personal-keys';
import type * as KeptPostgres from '../postgres/postgres-kept-tables';
import type * as Pools from '../postgres/pool';
import type * as KeptSchema from '../postgres/kept-schema';
import { NO_KEYS, type PersonalReader } from '../read-model/revealed';
import { SqliteDatabase } from '../lib/sqlite';

/** Loads the PostgreSQL code only if it is configured: otherwise each thread would spend a second and 30 MB on it. */
const load = createRequire(__filename);

const CONNECTIONS = 1;
/** How long a read of `keys.db` waits for its writer. */
const BUSY_MS = 5_000;

/** The keys of personal values, open for reading. */
export interface OpenPersonalReader {
  readonly reader: PersonalReader;
  close(): Promise<void>;
}

/** Opens the keys of personal values for reading, beside their writer. Without `keys.db`, the reader knows no key. */
export function openPersonalReader({
  dataDir,
  readModel,
}: Pick<Config, 'dataDir' | 'readModel'>): OpenPersonalReader {
  switch (readModel.kind) {
    case 'postgres':
      return onPostgres(readModel.connectionString);
    case 'sqlite':
      return inFile(join(dataDir, 'keys.db'));
  }
}

function inFile(path: string): OpenPersonalReader {
  if (!existsSync(path)) return { reader: NO_KEYS, close: () => Promise.resolve() };
  // Not opened read-only: after a crash, SQLite must first undo the half-written transaction.
  const db = new SqliteDatabase(path, { fileMustExist: true, timeout: BUSY_MS });
  const close = () => {
    db.close();
    return Promise.resolve();
  };
  try {
    db.pragma('query_only = ON');
    const reader = hasKeys(db) ? new KeptPersonalSecrets(SqliteKeptTables.beside(db)) : NO_KEYS;
    return { reader, close };
  } catch (error) {
    db.close();
    throw error;
  }
}

/** Returns whether the table of the keys exists. A service of this version makes it when it opens the file. */
function hasKeys(db: Database.Database): boolean {
  const sql = "SELECT 1 FROM sqlite_schema WHERE name = 'personal_keys'";
  return db.prepare(sql).get() !== undefined;
}

function onPostgres(connectionString: string): OpenPersonalReader {
  const { openPool } = load('../postgres/pool') as typeof Pools;
  const { KEPT_SCHEMA } = load('../postgres/kept-schema') as typeof KeptSchema;
  const { PostgresKeptTables } = load('../postgres/postgres-kept-tables') as typeof KeptPostgres;
  const pool = openPool(connectionString, KEPT_SCHEMA, () => undefined, CONNECTIONS);
  return {
    reader: new KeptPersonalSecrets(new PostgresKeptTables(pool)),
    close: () => pool.end(),
  };
}
