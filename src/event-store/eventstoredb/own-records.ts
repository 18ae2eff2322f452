import type { NewEvent, Position, StoredEvent, StreamAppend } from '../port';
import { metadataText } from './event-data';
import type { OwnStreams } from './own-streams';

/**
 * The bytes of a record in the server's log besides the event's four texts and their lengths: frame, position, ids,
 * revision and time. Measured on 23.10.8, on each of 40,000 records (docs/adr/0046).
 */
const FIXED_BYTES = 88;

/** The most that is remembered. Beyond either bound, everything is forgotten and read from the server instead. */
const MOST_RECORDS = 50_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** A record's `end` is where the next record begins, if the log holds one there. */
interface OwnRecord {
  readonly event: StoredEvent;
  readonly end: number;
}

/**
 * What this process appended, by its position in the server's log, so that it need not be read back. A position is a
 * byte offset, and the length of a record follows from its event. So if one of our records begins right where another
 * ends, nothing lies between them, and reading would add nothing. Anything else in between (another program's event,
 * the server's own, the end of a chunk, a server with other record lengths) breaks the chain, and the server is read.
 */
export class OwnRecords {
  private readonly byStart = new Map<number, OwnRecord>();
  private bytes = 0;

  constructor(private readonly streams: OwnStreams) {}

  /** Returns where the record of an event ends. `left`: how many events of the same append come after it. */
  endOf(event: StoredEvent, left: number): number {
    return event.position + this.lengthOf(event.stream, event, left);
  }

  /** Notes an append that the server has accepted. `last`: the position of its last event. */
  note({ stream, expectedRevision, events }: StreamAppend, last: Position): void {
    let position: number = last;
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const { id, type, body, recordedAt } = events[index]!;
      const left = events.length - 1 - index;
      const length = this.lengthOf(stream, events[index]!, left);
      // The records of an append are contiguous. If they were not, the computed start would match no end, and the chain
      // would break.
      if (left > 0) position -= length;
      const revision = expectedRevision + 1 + index;
      const event = {
        position: position as Position,
        stream,
        revision,
        id,
        type,
        body,
        recordedAt,
      };
      this.byStart.set(position, { event, end: position + length });
      this.bytes += length;
    }
    if (this.byStart.size > MOST_RECORDS || this.bytes > MOST_BYTES) this.clear();
  }

  /**
   * Takes up to `limit` contiguous events, starting where a record ends. Returns them, and where the last of them ends.
   * They are then forgotten.
   */
  take(from: number, limit: number): { events: StoredEvent[]; end: number } {
    const events: StoredEvent[] = [];
    let end = from;
    while (events.length < limit) {
      const record = this.byStart.get(end);
      if (record === undefined) break;
      this.remove(end, record);
      events.push(record.event);
      end = record.end;
    }
    return { events, end };
  }

  /** Forgets events at or before a position, because they have been read from the server. */
  forget(upTo: number): void {
    for (const [start, record] of this.byStart) if (start <= upTo) this.remove(start, record);
  }

  private clear(): void {
    this.byStart.clear();
    this.bytes = 0;
  }

  private remove(start: number, { end }: OwnRecord): void {
    this.byStart.delete(start);
    this.bytes -= end - start;
  }

  private lengthOf(
    stream: string,
    { type, body, recordedAt }: Pick<NewEvent, 'type' | 'body' | 'recordedAt'>,
    left: number,
  ): number {
    return (
      FIXED_BYTES +
      lengthWithPrefix(this.streams.toServer(stream)) +
      lengthWithPrefix(type) +
      Buffer.byteLength(body) +
      metadataText(recordedAt, left).length
    );
  }
}

/** The bytes of a text and of its length prefix, which has seven bits a byte. */
function lengthWithPrefix(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes + (bytes < 128 ? 1 : 2);
}
