import { streamPages } from '../event-store/pages';
import { NO_STREAM, type EventStore } from '../event-store/port';

/** Returns the revision of a stream's last event; -1 if there is no such stream. */
export async function lastRevisionOf(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
): Promise<number> {
  let last = NO_STREAM;
  for await (const page of streamPages(store, stream)) last += page.length;
  return last;
}
