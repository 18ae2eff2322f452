import type { EventReader, StoredEvent } from '../event-store/port';
import { START } from '../event-store/port';
import type { Pace } from '../projections/pace';
import { counted } from '../lib/counted';

/** The end of the events in a bundle. */
export interface BundlePlace {
  readonly position: number;
  /** How many events there are up to it. */
  readonly size: number;
}

/** The store lacks events that the read model has counted. */
class EventsMissingError extends Error {
  constructor(size: number, found: number) {
    super(
      `The read model counted ${counted(size, 'event')}, and the store has ${found} of them. Run the command \`verify\`, which says where the fault is.`,
    );
    this.name = 'EventsMissingError';
  }
}

/** Returns the first events of a ledger, page by page, each page with the index of its first event. */
export async function* pagesUpTo(
  store: Pick<EventReader, 'readAll'>,
  { position, size }: BundlePlace,
  pace: Pace,
): AsyncGenerator<{ readonly first: number; readonly events: readonly StoredEvent[] }> {
  let after = START;
  let first = 0;
  while (first < size) {
    const page = await store.readAll(after, pace.pageSize());
    const events = page.filter((event) => event.position <= position);
    if (events.length === 0) throw new EventsMissingError(size, first);
    yield { first, events };
    first += events.length;
    after = page.at(-1)!.position;
    await pace.rest();
  }
}
