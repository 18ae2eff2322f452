import type {
  AppendOutcome,
  EventStore,
  Position,
  StoredEvent,
  StreamAppend,
  StreamEvent,
  SubscribeOptions,
  Subscription,
} from '../event-store/port';
import { Listeners } from '../lib/listeners';

/** An append that has ended, whether it wrote or not. */
export interface AppendEnd {
  /** The last position known to be written; 0 if nothing was, or if the outcome is unknown. */
  readonly position: number;
  /** How many events are known to be written. */
  readonly events: number;
  readonly seconds: number;
}

/** An event store that reports the appends made through it. */
export class WatchedStore implements EventStore {
  /** Called after each append, whether it wrote or failed. */
  readonly appended = new Listeners<AppendEnd>();

  constructor(private readonly store: EventStore) {}

  get shared(): boolean {
    return this.store.shared;
  }

  get appendsAtOnce(): number {
    return this.store.appendsAtOnce ?? 1;
  }

  get positionsAnEvent(): number {
    return this.store.positionsAnEvent ?? 1;
  }

  get maxAppendBytes(): number | undefined {
    return this.store.maxAppendBytes;
  }

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    let [position, events] = [0, 0];
    const began = performance.now();
    try {
      const outcomes = await this.store.append(appends);
      for (const outcome of outcomes) {
        if (outcome.status !== 'appended') continue;
        position = Math.max(position, outcome.positions.at(-1)!);
        events += outcome.positions.length;
      }
      return outcomes;
    } finally {
      this.appended.tell({ position, events, seconds: (performance.now() - began) / 1_000 });
    }
  }

  readStream(stream: string, fromRevision: number, limit: number): Promise<readonly StreamEvent[]> {
    return this.store.readStream(stream, fromRevision, limit);
  }

  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.store.readAll(after, limit);
  }

  subscribe(options: SubscribeOptions): Subscription {
    return this.store.subscribe(options);
  }

  head(): Promise<Position> {
    return this.store.head();
  }

  last(): Promise<StoredEvent | undefined> {
    return this.store.last();
  }

  async examine(): Promise<readonly string[]> {
    return (await this.store.examine?.()) ?? [];
  }

  close(): Promise<void> {
    return this.store.close();
  }
}
