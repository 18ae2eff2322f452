import { existsSync } from 'node:fs';

import { SqliteDatabase } from '../../lib/sqlite';
import type { SignedHead } from '../signed-head';

const BUSY_MS = 5_000;

/**
 * Returns the signed head in `keys.db`; `undefined` if there is no such file, or nothing was signed. Changes nothing; a
 * service may have the file open.
 */
export function readSignedHead(path: string): SignedHead | undefined {
  if (!existsSync(path)) return undefined;
  // Not opened read-only: after a crash, SQLite must first undo the half-written transaction.
  const db = new SqliteDatabase(path, { fileMustExist: true, timeout: BUSY_MS });
  try {
    db.pragma('query_only = ON');
    const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'signed_head'").get();
    if (table === undefined) return undefined;
    return db.prepare<[], SignedHead>('SELECT size, root FROM signed_head').get();
  } finally {
    db.close();
  }
}
