import { checkAppends, checkLimit } from '../checks';
import { StoreError } from '../errors';
import {
  type AppendOutcome,
  type EventStoreTarget,
  type Position,
  type StoredEvent,
  type StreamAppend,
  type StreamEvent,
  type SubscribeOptions,
  type Subscription,
} from '../port';
import { AllSubscription } from './all-subscription';
import { Appender } from './appender';
import { Connection, PATIENCE, type Patience } from './connection';
import { Head } from './head';
import { OwnRecords } from './own-records';
import { OwnStreams, type StreamChoice } from './own-streams';
import { Reader } from './reader';

/** Positions are byte offsets in the server's log. They grow by about this much per event. */
export const POSITIONS_AN_EVENT = 1_000;
/** The server accepts at most 1 MiB of event bodies in one append. */
export const MAX_APPEND_BYTES = 1024 * 1024;

/**
 * How many appends may run at once. While the answers to one batch arrive, the next batch is judged and sent. Otherwise
 * the server would idle in between.
 */
export const APPENDS_AT_ONCE = 4;

export interface EventStoreDbOptions {
  /** `esdb://…` or `esdb+discover://…`. A secret: no message may hold it. */
  readonly connectionString: string;
  readonly streams: StreamChoice;
  readonly patience?: Patience;
}

/**
 * The event store on EventStoreDB or KurrentDB. Positions are byte offsets in the server's log. Each stream of an
 * append is written separately: there is no transaction over streams.
 */
export class EventStoreDbEventStore implements EventStoreTarget {
  readonly shared = true;
  readonly appendsAtOnce = APPENDS_AT_ONCE;
  readonly positionsAnEvent = POSITIONS_AN_EVENT;
  readonly maxAppendBytes = MAX_APPEND_BYTES;
  private readonly connection: Connection;
  private readonly streams: OwnStreams;
  private readonly reader: Reader;
  private readonly appender: Appender;
  private readonly own: OwnRecords;
  private readonly newest: Head;
  private readonly subscriptions = new Set<Subscription>();
  private closed = false;

  /** Makes a client without calling the server. @throws StoreError `refused` if the connection string is wrong. */
  constructor({ connectionString, streams, patience = PATIENCE }: EventStoreDbOptions) {
    this.streams = new OwnStreams(streams);
    this.connection = new Connection(connectionString, patience);
    this.reader = new Reader(this.connection, this.streams);
    this.own = new OwnRecords(this.streams);
    this.appender = new Appender(this.connection, this.streams, this.reader, (append, last) => {
      if (this.subscriptions.size > 0) this.own.note(append, last);
    });
    this.newest = new Head(this.connection, this.streams, (position, limit) =>
      this.reader.all(position, limit),
    );
  }

  async append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]> {
    this.checkOpen();
    checkAppends(appends, MAX_APPEND_BYTES);
    const outcomes = await this.appender.append(appends);
    for (const outcome of outcomes) {
      if (outcome.status === 'appended') this.newest.seen(outcome.positions.at(-1)!);
    }
    return outcomes;
  }

  async appendInOrder(appends: readonly StreamAppend[]): Promise<void> {
    this.checkOpen();
    await this.appender.appendInOrder(appends);
  }

  async readStream(
    stream: string,
    fromRevision: number,
    limit: number,
  ): Promise<readonly StreamEvent[]> {
    this.checkOpen();
    checkLimit(limit);
    return this.reader.stream(stream, fromRevision, limit);
  }

  async readAll(after: Position, limit: number): Promise<readonly StoredEvent[]> {
    this.checkOpen();
    checkLimit(limit);
    const events = await this.reader.all(after, limit);
    this.noteSeen(events);
    return events;
  }

  subscribe(options: SubscribeOptions): Subscription {
    checkLimit(options.pageSize);
    const { connection, streams, own } = this;
    const subscription = new AllSubscription(connection, streams, own, options, {
      onEvents: (events) => this.noteSeen(events),
      head: () => this.newest.position(),
    });
    this.subscriptions.add(subscription);
    void subscription.done
      .catch(() => undefined)
      .finally(() => this.subscriptions.delete(subscription));
    return subscription;
  }

  async head(): Promise<Position> {
    this.checkOpen();
    return this.newest.position();
  }

  async last(): Promise<StoredEvent | undefined> {
    this.checkOpen();
    return this.newest.event();
  }

  async close(): Promise<void> {
    await Promise.all([...this.subscriptions].map((subscription) => subscription.close()));
    this.closed = true;
    await this.connection.close();
  }

  private noteSeen(events: readonly StoredEvent[]): void {
    const last = events.at(-1);
    if (last !== undefined) this.newest.seen(last.position);
  }

  private checkOpen(): void {
    if (this.closed) throw new StoreError('unavailable', 'The event store is closed.');
  }
}
