import type Database from 'better-sqlite3';
import { SqliteDatabase } from '../../lib/sqlite';

const CACHE_KB = 32_768;
/** For connections that a larger cache makes no faster, because the operating system caches the file's pages too. */
export const SMALL_CACHE_KB = 8_192;

/**
 * Opens a connection to a read model's file. With `synchronous=NORMAL`, a power loss may undo the newest rows, but
 * always together with their checkpoint, and the ledger has their events.
 */
export function connect(path: string, cacheKb = CACHE_KB): Database.Database {
  const db = new SqliteDatabase(path);
  try {
    db.pragma('busy_timeout = 5000');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma(`cache_size = -${cacheKb}`);
    db.pragma('wal_autocheckpoint = 16000');
    // Erased data must leave no trace in the file.
    db.pragma('secure_delete = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
