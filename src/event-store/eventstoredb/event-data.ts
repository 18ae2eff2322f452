import type { EventData, ResolvedEvent } from '@eventstore/db-client';

import { StoreError } from '../errors';
import type { NewEvent, Position, StoredEvent } from '../port';
import type { OwnStreams } from './own-streams';
import { StoredText } from './stored-text';

/** The metadata that the server stores with an event. */
interface Metadata {
  /** The recorded time, in milliseconds since 1970. */
  readonly recorded_at: number;
  /** How many events of the same append come after this one. */
  readonly left: number;
}

/**
 * Returns the events of one try in the client's form. The stored text comes back byte for byte, because it is a fixed
 * point of parsing and printing.
 */
export function toServerEvents(events: readonly NewEvent[]): EventData[] {
  return events.map(({ id, type, body, recordedAt }, index) =>
    StoredText.of(id, type, body, metadataText(recordedAt, events.length - 1 - index)),
  );
}

/** Returns the text of an event's {@link Metadata}, in ASCII. */
export function metadataText(recordedAt: number, left: number): string {
  return JSON.stringify({ recorded_at: recordedAt, left } satisfies Metadata);
}

/**
 * Reads an event of the server; `undefined` if it is in no stream of ours.
 * @throws StoreError `refused` if it is in one of our streams but another program wrote it.
 */
export function fromServer(
  resolved: Pick<ResolvedEvent, 'event'>,
  streams: OwnStreams,
): StoredEvent | undefined {
  const { event } = resolved;
  const stream = event && streams.toOwn(event.streamId);
  if (event === undefined || stream === undefined) return undefined;
  const metadata = event.metadata as Partial<Metadata> | undefined;
  const { position } = event;
  if (
    !event.isJson ||
    position === undefined ||
    typeof metadata?.recorded_at !== 'number' ||
    typeof metadata.left !== 'number'
  ) {
    throw new StoreError(
      'refused',
      `The stream ${event.streamId} holds an event that Minutebook did not write (revision ${event.revision}). Give Minutebook streams of its own: see STREAM_PREFIX.`,
    );
  }
  return {
    position: Number(position.commit) as Position,
    stream,
    revision: Number(event.revision),
    id: event.id,
    type: event.type,
    body: JSON.stringify(event.data),
    recordedAt: metadata.recorded_at,
  };
}

/** Returns how many events of its append come after an event that {@link fromServer} has read. */
export function leftOf(resolved: Pick<ResolvedEvent, 'event'>): number {
  return (resolved.event!.metadata as unknown as Metadata).left;
}
