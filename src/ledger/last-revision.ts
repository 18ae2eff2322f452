import { MAX_PAGE, NO_STREAM, type EventStore } from '../event-store/port';

/** Returns the revision of a stream's last event; -1 if there is no such stream. */
export async function lastRevisionOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<number> {
  let last = NO_STREAM;
  for (;;) {
    const page = await store.readStream(stream, last + 1, MAX_PAGE);
    last += page.length;
    if (page.length < MAX_PAGE) return last;
  }
}
