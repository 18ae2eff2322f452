import { accountStream, LEDGER_EVENTS, LEDGER_STREAM } from '../domain/ledger';
import { streamPages } from '../event-store/pages';
import type { EventReader } from '../event-store/port';
import type { KeptTables } from '../kept/kept-tables';
import { mapSideBySide } from '../ledger/side-by-side';

/** How many streams are read at once. */
const STREAMS_AT_ONCE = 32;

/** An erasure that was carried out. */
export interface CarriedOut {
  readonly event_id: string;
  readonly user_id: string;
  /** A text in PostgreSQL. */
  readonly position: number | string;
}

/** Returns all erasures that were carried out. */
export function erasuresIn(tables: Pick<KeptTables, 'all'>): Promise<CarriedOut[]> {
  return tables.all('SELECT event_id, user_id, position FROM erasures ORDER BY user_id, event_id');
}

/**
 * Returns those of some erasures whose events the ledger does not have. If it was restored from a backup, these are the
 * ones recorded since. It compares ids, because what is recorded after a restore takes the positions of what was lost.
 */
export async function erasuresLackedBy(
  store: Pick<EventReader, 'readStream'>,
  carriedOut: readonly CarriedOut[],
): Promise<CarriedOut[]> {
  const there = new Set<string>();
  await mapSideBySide(carriedOut, STREAMS_AT_ONCE, async ({ event_id, user_id }) => {
    for await (const page of streamPages(store, accountStream(user_id))) {
      if (!page.some(({ id }) => id === event_id)) continue;
      there.add(event_id);
      return;
    }
  });
  return carriedOut.filter(({ event_id }) => !there.has(event_id));
}

/** Returns the users of some erasures, each once. */
export function usersOf(erasures: readonly CarriedOut[]): string[] {
  return [...new Set(erasures.map(({ user_id }) => user_id))];
}

/** Whether a restore from a backup was accepted for a ledger. */
export async function isRestored(store: Pick<EventReader, 'readStream'>): Promise<boolean> {
  for await (const page of streamPages(store, LEDGER_STREAM)) {
    if (page.some(({ type }) => type === LEDGER_EVENTS.restored)) return true;
  }
  return false;
}
