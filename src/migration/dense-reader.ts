import { START, type EventReader, type Position, type StoredEvent } from '../event-store/port';

const FIRST_ROOM = 4_096;

/** The part of a store that a projection reads. */
type Events = Pick<EventReader, 'readAll' | 'readStream'>;

/**
 * Reads a ledger whose positions are replaced by its indexes, counted from 1. So projections of two stores can be
 * compared byte for byte. Reads forward, and can go back to any earlier position. Keeps eight bytes per event in
 * memory.
 */
export class DenseReader implements Events {
  /** The store's positions, by index. */
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

  /** Reads the events of a stream. Events not read by {@link readAll} yet get a later position. */
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

  /** Converts a store's position to a dense one. A position not read yet gives one more than the last. */
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
