import { existsSync } from 'node:fs';

import { StoreError } from '../errors';
import { copyDatabase } from '../../lib/copy-database';
import { SqliteDatabase } from '../../lib/sqlite';
import { checkVersion } from './schema';

/**
 * Copies a ledger's file while a service may write to it.
 * @param to must not exist.
 * @returns the position of the last event in the copy; 0 if it has none.
 * @throws StoreError `refused` if there is no ledger at this path.
 */
export function copyLedgerFile(path: string, to: string): number {
  if (!existsSync(path)) throw new StoreError('refused', `There is no ledger at ${path}.`);
  copyDatabase(path, to);
  const copy = new SqliteDatabase(to, { readonly: true });
  try {
    if (checkVersion(copy) === 0) throw new StoreError('refused', `${path} is not a ledger.`);
    const head = copy.prepare('SELECT max(position) FROM events').pluck().get() as number | null;
    return head ?? 0;
  } finally {
    copy.close();
  }
}
