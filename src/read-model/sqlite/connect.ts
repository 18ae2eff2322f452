import type Database from 'better-sqlite3';
import { SqliteDatabase } from '../../lib/sqlite';

/**
 * A connection to a read model's file. `synchronous=NORMAL`: after a power loss the newest rows may be gone, but rows and
 * checkpoint go together, and the events that they came from are there.
 */
export function connect(path: string): Database.Database {
  const db = new SqliteDatabase(path);
  try {
    db.pragma('busy_timeout = 5000');
    db.pragma('journal_mode = WAL');
    db.pragma('synchronous = NORMAL');
    db.pragma('cache_size = -32768');
    db.pragma('wal_autocheckpoint = 16000');
    // What is erased leaves nothing in the file.
    db.pragma('secure_delete = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}
