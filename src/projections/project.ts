import type { EventStore, Position } from '../event-store/port';
import type { RowStore } from '../read-model/rows';
import { BillingFold, segments } from './billing-fold';

const PAGE = 2_000;

/** Brings a read model that nobody else writes up to a position, page by page. */
export async function project(
  store: EventStore,
  rows: RowStore,
  upTo: number,
  onProgress: (position: number) => void,
  pageSize = PAGE,
): Promise<void> {
  const fold = new BillingFold(store, rows);
  let checkpoint = await rows.checkpoint();
  while (checkpoint.position < upTo) {
    const page = await store.readAll(checkpoint.position as Position, pageSize);
    const events = page.filter((event) => event.position <= upTo);
    if (events.length === 0) return;
    for (const segment of segments(events)) {
      const { changes, next } = await fold.fold(segment, checkpoint);
      await rows.commit(changes, next, checkpoint.position);
      checkpoint = next;
    }
    onProgress(checkpoint.position);
  }
}
