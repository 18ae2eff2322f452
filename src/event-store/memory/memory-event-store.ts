import { checkAppends, checkLimit, otherRevision } from '../checks';
import { StoreError } from '../errors';
import { Follower } from '../follower';
import { pageLength } from '../pages';
import {
  NO_STREAM,
  type AppendOutcome,
  type EventStoreTarget,
  type Position,
  type StoredEvent,
  type StreamAppend,
  type StreamEvent,
  type SubscribeOptions,
  type Subscription,
} from '../port';

/** Keeps events in memory, for tests: the same contract, but nothing is durable. */
export class MemoryEventStore implements EventStoreTarget {
  readonly shared = false;
  private readonly all: StoredEvent[] = [];
  private readonly streams = new Map<string, StoredEvent[]>();
  private readonly followers = new Set<Follower>();
  private closed = false;

  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    return this.attempt(() => {
      checkAppends(appends);
      const outcomes = appends.map((append) => this.appendOne(append));
      for (const follower of this.followers) follower.wake();
      return outcomes;
    });
  }

  appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    return this.attempt(() => {
      for (const append of appends) {
        const outcome = this.appendOne(append);
        if (outcome.status === 'conflict') throw otherRevision(append, outcome.actualRevision);
      }
      for (const follower of this.followers) follower.wake();
    });
  }

  readStream(stream: string, fromRevision: number, limit: number): Promise<readonly StreamEvent[]> {
    return this.attempt(() => {
      checkLimit(limit);
      const events = (this.streams.get(stream) ?? []).slice(fromRevision, fromRevision + limit);
      return events
        .slice(0, pageLength(events, limit))
        .map((event) => ({ ...event, acknowledged: event.position }));
    });
  }

  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    return this.attempt(() => {
      checkLimit(limit);
      const events = this.all.slice(after, after + limit);
      return events.slice(0, pageLength(events, limit));
    });
  }

  subscribe(options: SubscribeOptions): Subscription {
    checkLimit(options.pageSize);
    const follower = new Follower(this, options);
    this.followers.add(follower);
    void follower.done.catch(() => undefined).finally(() => this.followers.delete(follower));
    return follower;
  }

  head(): Promise<Position> {
    return this.attempt(() => this.all.length as Position);
  }

  last(): Promise<StoredEvent | undefined> {
    return this.attempt(() => this.all.at(-1));
  }

  async close(): Promise<void> {
    await Promise.all([...this.followers].map((follower) => follower.close()));
    this.closed = true;
  }

  private appendOne({ stream, expectedRevision, events }: StreamAppend): AppendOutcome {
    const stored = this.streams.get(stream) ?? [];
    const actualRevision = stored.length + NO_STREAM;
    if (expectedRevision !== actualRevision) {
      const there = stored.slice(expectedRevision + 1, expectedRevision + 1 + events.length);
      const same =
        there.length === events.length &&
        there.every((event, index) => event.id === events[index]!.id);
      return same
        ? { status: 'appended', positions: there.map((event) => event.position) }
        : { status: 'conflict', actualRevision };
    }
    const positions = events.map((event, index) => {
      const position = (this.all.length + 1) as Position;
      const full = { ...event, stream, revision: expectedRevision + 1 + index, position };
      stored.push(full);
      this.all.push(full);
      return position;
    });
    this.streams.set(stream, stored);
    return { status: 'appended', positions };
  }

  private async attempt<T>(work: () => T): Promise<T> {
    await Promise.resolve();
    if (this.closed) throw new StoreError('unavailable', 'The event store is closed.');
    return work();
  }
}
