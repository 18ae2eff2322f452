import { StoreError } from './errors';
import { MAX_APPEND, MAX_PAGE, type NewEvent, type StreamAppend } from './port';

/** Refuses an append that no store accepts, before anything is written. */
export function checkAppends(appends: readonly StreamAppend[], maxAppendBytes = Infinity): void {
  const streams = new Set<string>();
  let count = 0;
  for (const { stream, events } of appends) {
    if (stream === '' || streams.has(stream)) {
      throw new StoreError('refused', 'Each append of a call must name a different stream.');
    }
    if (events.length === 0)
      throw new StoreError('refused', 'An append must have at least one event.');
    streams.add(stream);
    count += events.length;
    if (maxAppendBytes < Infinity && bytesOf(events) > maxAppendBytes) {
      throw new StoreError(
        'refused',
        `The events of one append may have at most ${maxAppendBytes} bytes on this store.`,
      );
    }
  }
  if (count > MAX_APPEND) {
    throw new StoreError('refused', `One call of append takes at most ${MAX_APPEND} events.`);
  }
}

/** The error of an ordered append whose stream is at another revision. */
export function otherRevision(
  { stream, expectedRevision }: StreamAppend,
  actualRevision: number,
): StoreError {
  return new StoreError(
    'refused',
    `The stream ${stream} ends at revision ${actualRevision}, not at ${expectedRevision}: someone else wrote to it.`,
  );
}

/** Refuses a page size outside 1 to {@link MAX_PAGE}. */
export function checkLimit(limit: number): void {
  if (!Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new StoreError('refused', `A page must have 1 to ${MAX_PAGE} events.`);
  }
}

/** Returns the size of the events' bodies in UTF-8 bytes. */
function bytesOf(events: readonly Pick<NewEvent, 'body'>[]): number {
  return events.reduce((sum, { body }) => sum + Buffer.byteLength(body), 0);
}
