import type Database from 'better-sqlite3';
import { SqliteDatabase } from '../../lib/sqlite';

const CACHE_KB = 32_768;
/** For a connection that reads: the operating system keeps the file's pages, too. */
export const READER_CACHE_KB = 8_192;

/**
 * A connection to a read model's file. `synchronous=NORMAL`: after a power loss the newest rows may be gone, but rows and
 * checkpoint go together, and the events that they came from are there.
 */
export function connect(path: string, cacheKb = CACHE_KB): Database.Database {
  const db = new SqliteDatabase(path);
  try {
    db.pragma('busy_timeout = 5000');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = -${cacheKb}`);
    db.pragma('wal_autocheckpoint = 16000');
    // What is erased leaves nothing in the file.
    db.pragma('secure_delete = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
