import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';

import { isDamage } from '../../event-store/sqlite-code';
import { StoreError } from '../../event-store/errors';
import { SqliteDatabase } from '../../lib/sqlite';

/** How every SQLite file begins. */
const HEADER = 'SQLite format 3\0';
/** The name of a read model's file unless READ_MODEL_URL names another. A file with this name is ours, even damaged. */
const OWN_NAME = 'read-models.db';
/** Tables of which every version of a read model has at least one. */
const OWN_TABLES = ['checkpoints', 'kysely_migration'];

/**
 * Refuses a file that is not a read model. A read model may be removed or replaced; any other file that READ_MODEL_URL
 * names by mistake must not be touched.
 * @throws StoreError `refused`
 */
export function refuseForeignFile(path: string): void {
  if (basename(path) === OWN_NAME) return;
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) === 0) return;
  if (beginningOf(path) !== HEADER || hasOnlyForeignTables(path)) {
    throw new StoreError(
      'refused',
      `${path} is not a read model, so it is left alone. Let READ_MODEL_URL name another file. If this was a read model that is damaged, delete it.`,
    );
  }
}

function beginningOf(path: string): string {
  const bytes = Buffer.alloc(HEADER.length);
  const file = openSync(path, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, bytes.length, 0));
  } finally {
    closeSync(file);
  }
}

function hasOnlyForeignTables(path: string): boolean {
  let db: InstanceType<typeof SqliteDatabase> | undefined;
  try {
    db = new SqliteDatabase(path, { readonly: true });
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").pluck().all();
    return tables.length > 0 && !OWN_TABLES.some((name) => tables.includes(name));
  } catch (error) {
    // Nobody can find out any more what it was. An SQLite file that cannot be read is of no use to anybody.
    if (isDamage(error)) return false;
    throw error;
  } finally {
    db?.close();
  }
}
