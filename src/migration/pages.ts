import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';

const PAGE = 2_000;

/** A ledger's events from the first to the last, a page at a time; no page is empty. */
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
