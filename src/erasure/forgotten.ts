import { accountStream } from '../domain/ledger';
import { streamPages } from '../event-store/pages';
import type { EventReader } from '../event-store/port';
import type { KeptTables } from '../kept/kept-tables';

/** An erasure that was carried out. */
export interface CarriedOut {
  readonly event_id: string;
  readonly user_id: string;
  /** A text in PostgreSQL. */
  readonly position: number | string;
}

/**
 * Returns the erasures that were carried out beyond a position, such as the end of the ledger. If the ledger was
 * restored from a backup, it does not have their events any more.
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
