import Database from 'better-sqlite3';

import { SqliteKeptTables } from '../../src/kept/sqlite-kept-tables';
import { KeptPersonalKeys } from '../../src/personal/kept-personal-keys';

/** Keys of personal values that exist only in this process. */
export function personalKeysInMemory(): KeptPersonalKeys {
  return new KeptPersonalKeys(SqliteKeptTables.in(new Database(':memory:')), () => 0);
}
