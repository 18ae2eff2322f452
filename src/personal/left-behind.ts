import type { KeptTables } from '../kept/kept-tables';
import { placesOf, type KeptPersonalKeys } from './kept-personal-keys';

/** How many users are looked at in one query. */
const AT_ONCE = 200;

/**
 * Destroys the keys of erased users in the tables that a ledger left behind when it moved to PostgreSQL. Only keys that
 * were destroyed in the new tables: an erased user may have a newer one.
 * @param left the tables that are not read any more.
 * @param tables the tables that the ledger has now, and its `keys` in them.
 */
export async function destroyLeftBehind(
  left: Pick<KeptTables, 'all' | 'batch'>,
  tables: Pick<KeptTables, 'all'>,
  keys: Pick<KeptPersonalKeys, 'missing'>,
): Promise<void> {
  for (let after = ''; ;) {
    const rows = await tables.all<{ user_id: string }>(
      `SELECT DISTINCT user_id FROM erasures WHERE user_id > ? ORDER BY user_id LIMIT ${AT_ONCE}`,
      [after],
    );
    if (rows.length === 0) return;
    const users = rows.map((row) => row.user_id);
    const found = await left.all<{ key_id: string }>(
      `SELECT key_id FROM personal_keys WHERE user_id IN (${placesOf(users)})`,
      users,
    );
    const destroyed = await keys.missing(found.map((row) => row.key_id));
    await left.batch(
      destroyed.map((id) => ({ sql: 'DELETE FROM personal_keys WHERE key_id = ?', values: [id] })),
    );
    after = users.at(-1)!;
  }
}
