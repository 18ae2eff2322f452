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

/** An event store that tells of what is appended through it. */
export class WatchedStore implements EventStore {
  /** @param appended called after each append that may have written, with the last position that is known of it. */
  constructor(
    private readonly store: EventStore,
    private readonly appended: (position: number) => void,
  ) {}

  get shared(): boolean {
    return this.store.shared ?? false;
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
    let last = 0;
    try {
      const outcomes = await this.store.append(appends);
      for (const outcome of outcomes) {
        if (outcome.status === 'appended') last = Math.max(last, outcome.positions.at(-1)!);
      }
      return outcomes;
    } finally {
      this.appended(last);
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
