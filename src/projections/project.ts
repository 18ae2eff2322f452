import type { Drafts } from '../domain/account/drafts';
import type { EventReader, Position } from '../event-store/port';
import type { Checkpoint, RowStore } from '../read-model/rows';
import { BillingFold, segments } from './billing-fold';

const PAGE = 2_000;

/**
 * Brings a read model that nobody else writes up to a position, page by page.
 * @param onProgress told of the checkpoint after each page; waited for, so that it may let others have their turn.
 * @param pageSize how many events a page has, asked for before each.
 * @param drafts what is in force beside what the ledger says, for rehearsals.
 */
export async function project(
  store: Pick<EventReader, 'readAll' | 'readStream'>,
  rows: RowStore,
  upTo: number,
  onProgress: (position: number, checkpoint: Checkpoint) => void | Promise<void>,
  pageSize: number | (() => number) = PAGE,
  drafts?: Drafts,
): Promise<void> {
  const fold = new BillingFold(store, rows, { drafts });
  let checkpoint = await rows.checkpoint();
  while (checkpoint.position < upTo) {
    const limit = typeof pageSize === 'number' ? pageSize : pageSize();
    const page = await store.readAll(checkpoint.position as Position, limit);
    const events = page.filter((event) => event.position <= upTo);
    if (events.length === 0) return;
    for (const segment of segments(events)) {
      const { changes, next } = await fold.fold(segment, checkpoint);
      await rows.commit(changes, next, checkpoint.position);
      checkpoint = next;
    }
    await onProgress(checkpoint.position, checkpoint);
  }
}
