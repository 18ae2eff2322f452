import { StoreError } from '../event-store/errors';
import type { EventReader, Position } from '../event-store/port';
import type { KeptTables, Statement } from './kept-tables';

/** Returns the position up to which a follower has read the ledger; `undefined` if it has never read. */
export async function followedTo(
  tables: Pick<KeptTables, 'all'>,
  name: string,
): Promise<number | undefined> {
  const sql = 'SELECT position FROM follower WHERE name = ?';
  const [row] = await tables.all<{ position: number | string }>(sql, [name]);
  return row && Number(row.position);
}

/** Stores the position up to which a follower has read the ledger. */
export async function followTo(
  tables: Pick<KeptTables, 'batch'>,
  name: string,
  position: number,
): Promise<void> {
  await tables.batch([followStatement(name, position)]);
}

/** As {@link followTo}, to be stored with something else. */
export function followStatement(name: string, position: number): Statement {
  const sql = `INSERT INTO follower (name, position) VALUES (?, ?)
    ON CONFLICT (name) DO UPDATE SET position = excluded.position`;
  return { sql, values: [name, position] };
}

/**
 * Returns whether a position that a follower has stored belongs to this event store. After a move to another store it
 * does not: positions mean something else there.
 * @param head the store's last position.
 */
export async function isPositionIn(
  store: Pick<EventReader, 'readAll'>,
  position: number,
  head: number,
): Promise<boolean> {
  if (position > head) return false;
  try {
    await store.readAll(position as Position, 1);
    return true;
  } catch (error) {
    if (error instanceof StoreError && error.code === 'refused') return false;
    throw error;
  }
}
