import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';

const FIRST_ROOM = 4_096;

/** What a projection reads of a ledger. */
type Events = Pick<EventReader, 'readAll' | 'readStream'>;

/**
 * A ledger whose positions are its indexes, counted from 1, whatever those of its store are. So projections from two
 * stores can be compared byte for byte. It reads forward, and can go back to any place where it was before. It remembers
 * eight bytes per event.
 */
export class DenseReader implements Events {
  /** The store's positions by index. */
  private positions = new Float64Array(FIRST_ROOM);
  private count = 0;

  constructor(private readonly store: Events) {}

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    if (after > this.count) throw new Error('Events must be read one page after the other.');
    const place = after === START ? START : (this.positions[after - 1] as Position);
    const page = await this.store.readAll(place, limit);
    return page.map((event, offset) => {
      const position = after + offset + 1;
      this.note(position, event.position);
      return { ...event, position: position as Position };
    });
  }

  /** The events of a stream that were read before. */
  async readStream(stream: string, fromRevision: number, limit: number) {
    const page = await this.store.readStream(stream, fromRevision, limit);
    return page.map((event) => {
      const position = this.indexOf(event.position);
      return { ...event, position, acknowledged: position };
    });
  }

  private note(position: number, original: number): void {
    if (position <= this.count) return;
    if (position > this.positions.length) {
      const wider = new Float64Array(this.positions.length * 2);
      wider.set(this.positions);
      this.positions = wider;
    }
    this.positions[position - 1] = original;
    this.count = position;
  }

  /** How many of the events that were read are at or before a position; one more than all if the position is later. */
  private indexOf(original: number): Position {
    let [low, high] = [0, this.count];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.positions[middle]! < original) low = middle + 1;
      else high = middle;
    }
    return (low + 1) as Position;
  }
}
