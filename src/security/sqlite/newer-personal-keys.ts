import { rmSync } from 'node:fs';

import { copyDatabase } from '../../lib/copy-database';
import { SqliteDatabase } from '../../lib/sqlite';

/**
 * Adds the keys of personal values that were made since a copy of `keys.db`. Everything else stays as it was then:
 * what was signed since is not in the copy.
 * @param path the file that was copied.
 */
export function addNewerPersonalKeys(path: string, copy: string): void {
  // Comparing all keys takes long, and a service can't write to its file while somebody reads it.
  const newer = `${copy}.newer`;
  try {
    copyDatabase(path, newer);
    addKeysOf(newer, copy);
  } finally {
    rmSync(newer, { force: true });
  }
}

function addKeysOf(newer: string, copy: string): void {
  const db = new SqliteDatabase(copy, { fileMustExist: true });
  try {
    db.pragma('synchronous = FULL');
    const table = db.prepare("SELECT 1 FROM sqlite_master WHERE name = 'personal_keys'").get();
    // Written by a version that sealed nothing.
    if (table === undefined) return;
    db.prepare('ATTACH ? AS newer').run(newer);
    db.transaction(() => {
      // A user has one key that seals new facts: the newer one.
      db.exec(`UPDATE main.personal_keys SET retired = 1 WHERE retired = 0
        AND key_id NOT IN (SELECT key_id FROM newer.personal_keys WHERE retired = 0)`);
      db.exec(`INSERT INTO main.personal_keys (key_id, user_id, secret, created_at, retired)
        SELECT key_id, user_id, secret, created_at, retired FROM newer.personal_keys
        WHERE true ON CONFLICT (key_id) DO NOTHING`);
    })();
  } finally {
    db.close();
  }
}
