import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';

const PAGE = 2_000;

/** Yields a ledger's events from first to last, in pages that are never empty. */
export async function* pagesOf(
  store: Pick<EventReader, 'readAll'>,
): AsyncGenerator<readonly StoredEvent[], undefined> {
  for (let after: Position = START; ;) {
    const page = await store.readAll(after, PAGE);
    if (page.length === 0) return;
    yield page;
    after = page.at(-1)!.position;
  }
}
