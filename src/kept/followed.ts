import type { KeptTables } from './kept-tables';

/** The place up to which something followed the ledger; `undefined` before it did. */
export async function followedTo(
  tables: Pick<KeptTables, 'all'>,
  name: string,
): Promise<number | undefined> {
  const sql = 'SELECT position FROM follower WHERE name = ?';
  const [row] = await tables.all<{ position: number | string }>(sql, [name]);
  return row && Number(row.position);
}

/** Notes that something followed the ledger up to a place. */
export async function followTo(
  tables: Pick<KeptTables, 'batch'>,
  name: string,
  position: number,
): Promise<void> {
  const sql = `INSERT INTO follower (name, position) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`;
  await tables.batch([{ sql, values: [name, position] }]);
}
