import { closeSync, openSync } from 'node:fs';

import { SqliteDatabase } from './sqlite';
import { syncNow } from './sync-folder';

/** Long: a service writes keys in short transactions, one after the other. */
const BUSY_MS = 30_000;

/**
 * Copies an SQLite file as it is at one moment. Only the owner can read the copy, and it is on disk when this returns.
 * Whoever has the file open may go on writing; without a WAL, writers wait meanwhile.
 * @param to must not exist.
 */
export function copyDatabase(path: string, to: string): void {
  // SQLite fills an empty file, and keeps its mode.
  closeSync(openSync(to, 'wx', 0o600));
  // Not opened read-only: after a crash, SQLite must first undo the half-written transaction.
  const db = new SqliteDatabase(path, { fileMustExist: true, timeout: BUSY_MS });
  try {
    db.prepare('VACUUM INTO ?').run(to);
  } finally {
    db.close();
  }
  // SQLite does not sync a copy by itself.
  syncNow(to);
}
