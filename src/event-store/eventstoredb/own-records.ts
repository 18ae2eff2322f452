import type { NewEvent, Position, StoredEvent, StreamAppend } from '../port';
import { metadataText } from './event-data';
import type { OwnStreams } from './own-streams';

/**
 * What a record of the server's log has beside the event's four texts and their lengths, in bytes: its frame, position, ids,
 * revision and time. Seen of 23.10.8, of each of 40,000 records (docs/adr/0046).
 */
const FIXED_BYTES = 88;

/** What is remembered at most; beyond it, all is forgotten and read from the server instead. */
const MOST_RECORDS = 50_000;
const MOST_BYTES = 32 * 1024 * 1024;

/** Where a record ends is where the next one begins, if the log has it there. */
interface OwnRecord {
  readonly event: StoredEvent;
  readonly end: number;
}

/**
 * What this process appended, by its place in the server's log, so that it need not be read back. A position is a number of
 * bytes and the length of a record follows from its event: where one record of ours begins right where another ends, there is
 * nothing between the two, and reading would tell nothing new. Whatever else lies between (another program's event, the
 * server's own, the end of a chunk, a server with records of another length) breaks the chain, and the server is asked.
 */
export class OwnRecords {
  private readonly byStart = new Map<number, OwnRecord>();
  private bytes = 0;

  constructor(private readonly streams: OwnStreams) {}

  /** Where the record of an event ends. `left`: how many events of the same append come after it. */
  endOf(event: StoredEvent, left: number): number {
    return event.position + this.lengthOf(event.stream, event, left);
  }

  /** Notes an append that the server has taken. `last`: the position of its last event. */
  note({ stream, expectedRevision, events }: StreamAppend, last: Position): void {
    let position: number = last;
    for (let index = events.length - 1; index >= 0; index -= 1) {
      const { id, type, body, recordedAt } = events[index]!;
      const left = events.length - 1 - index;
      const length = this.lengthOf(stream, events[index]!, left);
      // The records of an append lie one behind the other; if they do not, what comes out begins where no record ends.
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

  /** Up to `limit` events without a gap from where a record ends on, and where the last of them ends. They are forgotten. */
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

  /** Forgets what lies at or before a position: it was read from the server. */
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

/** The bytes of a text and of the number before it that says how many, seven bits a byte. */
function lengthWithPrefix(text: string): number {
  const bytes = Buffer.byteLength(text);
  return bytes + (bytes < 128 ? 1 : 2);
}
