import { statSync } from 'node:fs';

import { isDamage } from '../../event-store/sqlite-code';
import { SqliteKeyFile } from './sqlite-key-file';
import { SqliteDatabase } from '../../lib/sqlite';

/** The key file can't be read. Without a backup, there is no other copy of its keys. */
class DamagedKeysError extends Error {
  constructor(path: string, why: string, options?: ErrorOptions) {
    super(
      `The keys in ${path} can't be read: ${why}. Do not delete the file: without its keys nothing continues what they signed. Keep it as it is, put keys.db from the newest backup in its place, and start again (docs/how-to/back-up-and-restore.md).`,
      options,
    );
    this.name = 'DamagedKeysError';
  }
}

/**
 * Opens `keys.db`, or creates it if it does not exist. First checks its pages and that its keys are valid.
 * @throws DamagedKeysError; Error if a newer program wrote the file.
 */
export async function openKeyFile(path: string): Promise<SqliteKeyFile> {
  let file: SqliteKeyFile | undefined;
  try {
    checkPages(path);
    file = SqliteKeyFile.open(path);
    await known(path, file);
    return file;
  } catch (error) {
    await file?.close();
    if (!isDamage(error)) throw error;
    throw new DamagedKeysError(path, (error as Error).message, { cause: error });
  }
}

function checkPages(path: string): void {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  const db = new SqliteDatabase(path);
  try {
    const [first] = db.pragma('quick_check(1)') as { quick_check: string }[];
    if (first?.quick_check !== 'ok') throw new DamagedKeysError(path, String(first?.quick_check));
  } finally {
    db.close();
  }
}

async function known(path: string, file: SqliteKeyFile): Promise<void> {
  try {
    await file.known();
  } catch (error) {
    if (isDamage(error)) throw error;
    throw new DamagedKeysError(path, 'it holds something other than a private key', {
      cause: error,
    });
  }
}
