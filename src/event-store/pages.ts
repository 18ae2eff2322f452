import {
  MAX_PAGE,
  PAGE_CHARACTERS,
  type EventReader,
  type StoredEvent,
  type StreamEvent,
} from './port';

type Bodies = readonly Pick<StoredEvent, 'body'>[];

/** Returns how many items of these sizes make a page: no more than it takes to reach `most`. */
export function fitting(sizes: readonly number[], most: number): number {
  let sum = 0;
  const last = sizes.findIndex((size) => (sum += size) >= most);
  return last < 0 ? sizes.length : last + 1;
}

/**
 * Returns how many of these events make a page: at most `limit`, and no more than it takes to reach
 * {@link PAGE_CHARACTERS}.
 */
export function pageLength(events: Bodies, limit: number): number {
  const sizes = events.slice(0, limit).map(({ body }) => body.length);
  return fitting(sizes, PAGE_CHARACTERS);
}

/** Whether nothing followed a page when it was read: it is short, and not because its events are large. */
export function isLastPage(page: Bodies, limit: number): boolean {
  return page.length < limit && charactersOf(page) < PAGE_CHARACTERS;
}

/** Returns the length of the events' bodies. */
export function charactersOf(events: Bodies): number {
  return events.reduce((sum, { body }) => sum + body.length, 0);
}

/** Yields a stream's events from a revision on, in pages that are never empty. */
export async function* streamPages(
  store: Pick<EventReader, 'readStream'>,
  stream: string,
  fromRevision = 0,
  limit = MAX_PAGE,
): AsyncGenerator<readonly StreamEvent[], undefined> {
  for (let revision = fromRevision; ;) {
    const page = await store.readStream(stream, revision, limit);
    if (page.length > 0) yield page;
    if (isLastPage(page, limit)) return;
    revision += page.length;
  }
}
