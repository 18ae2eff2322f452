import { chmodSync, closeSync, constants, copyFileSync, openSync } from 'node:fs';

import type Database from 'better-sqlite3';

import { SqliteDatabase } from './sqlite';
import { syncNow } from './sync-folder';

/** Long: a service writes keys in short transactions, one after the other. */
const BUSY_MS = 30_000;

/**
 * Copies an SQLite file as it is at one moment. Only the owner can read the copy, and it is on disk when this returns.
 * Whoever has the file open may go on writing; without a WAL, writers wait while the file's bytes are copied. No other
 * connection of this process may be in a transaction on it.
 * @param to must not exist.
 * @throws Error if the file is damaged.
 */
export function copyDatabase(path: string, to: string): void {
  // SQLite fills an empty file, and keeps its mode.
  closeSync(openSync(to, 'wx', 0o600));
  // Not opened read-only: after a crash, SQLite must first undo the half-written transaction.
  const db = new SqliteDatabase(path, { fileMustExist: true, timeout: BUSY_MS });
  try {
    if (db.pragma('journal_mode', { simple: true }) === 'wal') db.prepare('VACUUM INTO ?').run(to);
    else copyBytes(db, path, to);
  } finally {
    db.close();
  }
  // Neither SQLite nor copying bytes syncs the copy.
  syncNow(to);
}

/** Copies a file that has no WAL. Its writers wait for that, so whatever takes longer comes afterwards. */
function copyBytes(db: Database.Database, path: string, to: string): void {
  db.transaction(() => {
    // The read lock begins with the first row: nobody writes to the file until the transaction ends.
    db.prepare('SELECT 1 FROM sqlite_master LIMIT 1').get();
    // When it closes the file, the system drops all locks that this process has on it. The bytes are copied by then.
    copyFileSync(path, to, constants.COPYFILE_FICLONE);
  }).deferred();
  // The copy has taken on the mode of the file.
  chmodSync(to, 0o600);
  checkCopy(path, to);
}

function checkCopy(path: string, copy: string): void {
  const db = new SqliteDatabase(copy, { readonly: true });
  try {
    const fault = db.pragma('integrity_check(1)', { simple: true });
    if (fault !== 'ok') {
      throw new Error(
        `${path} is damaged, so it was not copied: ${String(fault)}. Keep the backups that you have.`,
      );
    }
  } finally {
    db.close();
  }
}
