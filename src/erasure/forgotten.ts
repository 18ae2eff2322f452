import { accountStream } from '../domain/ledger';
import { streamPages } from '../event-store/pages';
import type { EventReader } from '../event-store/port';
import type { KeptTables } from '../kept/kept-tables';
import { placesOf } from '../personal/kept-personal-keys';

/** The most values in one statement. */
const AT_ONCE = 200;

/** An erasure that was carried out. */
export interface CarriedOut {
  readonly event_id: string;
  readonly user_id: string;
  /** A text in PostgreSQL. */
  readonly position: number | string;
}

/**
 * Returns the erasures that were carried out beyond a position, such as the end of the ledger. If it was restored from a backup, it does
 * not have their events any more.
 */
export function erasuresBeyond(
  tables: Pick<KeptTables, 'all'>,
  head: number,
): Promise<CarriedOut[]> {
  return tables.all(
    'SELECT event_id, user_id, position FROM erasures WHERE position > ? ORDER BY user_id, event_id',
    [head],
  );
}

/** Returns the users whose erasures the ledger does not have, each once. */
export async function usersForgottenBy(
  store: Pick<EventReader, 'readStream'>,
  carriedOut: readonly CarriedOut[],
): Promise<string[]> {
  const users = new Set<string>();
  for (const { event_id, user_id } of carriedOut) {
    let isThere = false;
    for await (const page of streamPages(store, accountStream(user_id))) {
      isThere ||= page.some(({ id }) => id === event_id);
    }
    if (!isThere) users.add(user_id);
  }
  return [...users];
}

/** Returns the users whose erasures are not stored any more, each once. */
export async function usersToEraseAgain(
  tables: Pick<KeptTables, 'all'>,
  carriedOut: readonly CarriedOut[],
): Promise<string[]> {
  const users = new Set<string>();
  for (let from = 0; from < carriedOut.length; from += AT_ONCE) {
    const some = carriedOut.slice(from, from + AT_ONCE);
    const ids = some.map(({ event_id }) => event_id);
    const rows = await tables.all<Pick<CarriedOut, 'event_id'>>(
      `SELECT event_id FROM erasures WHERE event_id IN (${placesOf(ids)})`,
      ids,
    );
    const stored = new Set(rows.map(({ event_id }) => event_id));
    for (const { event_id, user_id } of some) if (!stored.has(event_id)) users.add(user_id);
  }
  return [...users];
}
