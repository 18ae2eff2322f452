/**
 * The event store port: what Minutebook needs of a place that keeps events for ever.
 *
 * It knows streams, revisions and positions; it knows nothing of billing. It is written so that a store
 * without transactions over streams, with sparse positions and with appends whose outcome is unknown
 * (EventStoreDB) fits behind it as well as an embedded file does.
 */

import type { StoreError } from './errors';

/**
 * A place in the store's global order: a whole number from 1 to 2^53 - 1 that grows; gaps are allowed.
 * `START` (0) is the place before the first event. On the wire it is an opaque decimal string.
 */
export type Position = number & { readonly __brand: 'Position' };

/** The place before the first event. */
export const START = 0 as Position;

/** The revision of a stream that does not exist: what the first append to it expects. */
export const NO_STREAM = -1;

/** An event to append. */
export interface NewEvent {
  /**
   * A lower-case UUID, the same for every try of the same append and never used for another content: a store takes
   * the same ids at the same place for the same append, and does not compare what they hold.
   */
  readonly id: string;
  readonly type: string;
  /** The stored text: a fixed point of `JSON.stringify(JSON.parse(text))`. */
  readonly body: string;
  /** When the ledger took it: milliseconds since 1970, stamped by the instance that appends. */
  readonly recordedAt: number;
}

/** Events for one stream: written together, in order, or not at all. */
export interface StreamAppend {
  readonly stream: string;
  /** The revision of the stream's last event (0-based), or {@link NO_STREAM}. Never "any". */
  readonly expectedRevision: number;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

/**
 * What became of one {@link StreamAppend}; `failed` only on a store that writes each stream for itself, where one of
 * them could not be written: see {@link StoreError} for what is known of it then. An append of the same event ids at the same expected revision
 * as before is answered with the first one's positions and writes nothing.
 *
 * `positions` say, for each event, what to wait for to see it: its own position, or if a store does not tell that,
 * the position of the last event of the same append. It is the same whenever it is asked
 * ({@link StreamEvent.acknowledged}).
 */
export type AppendOutcome =
  | { readonly status: 'appended'; readonly positions: readonly Position[] }
  | { readonly status: 'conflict'; readonly actualRevision: number }
  | { readonly status: 'failed'; readonly error: StoreError };

/** An event as it is stored. */
export interface StoredEvent {
  readonly position: Position;
  readonly stream: string;
  /** 0-based, dense within the stream. */
  readonly revision: number;
  readonly id: string;
  readonly type: string;
  readonly body: string;
  readonly recordedAt: number;
}

/** An event as a read of its stream gives it. */
export interface StreamEvent extends StoredEvent {
  /** The position that its append was answered with. */
  readonly acknowledged: Position;
}

/** A subscription that catches up and then follows; ends when closed or when its handler throws. */
export interface Subscription {
  /** Stops delivery; resolves when the handler no longer runs. */
  close(): Promise<void>;
  /** Resolves after {@link close}; rejects with what the handler threw or the store reported. */
  readonly done: Promise<void>;
}

export interface SubscribeOptions {
  /** Delivery begins with the first event after this position: {@link START}, or that of an event. */
  readonly after: Position;
  /** The most events in a page: 1 to {@link MAX_PAGE}. */
  readonly pageSize: number;
  /** Called with one page at a time (never empty), in order; the next page waits for it. */
  readonly onPage: (events: readonly StoredEvent[]) => Promise<void>;
  /** Whether somebody waits for the next page. Where nobody does, a store may hold one back for a moment to make it larger. */
  readonly isAwaited?: () => boolean;
}

/** The most events that one read returns. */
export const MAX_PAGE = 10_000;

/** The most events that one call of {@link EventStore.append} takes. */
export const MAX_APPEND = 20_000;

export interface EventStore {
  /** Whether other processes may append at the same time. */
  readonly shared?: boolean;
  /** How many calls of {@link EventStore.append} at a time gain something; left out, one: the next would wait for it. */
  readonly appendsAtOnce?: number;
  /** By how much a position grows with an event, roughly; left out, by one. */
  readonly positionsAnEvent?: number;
  /** The most bytes (UTF-8) that the bodies of one {@link StreamAppend} may have together; left out, there is no bound. */
  readonly maxAppendBytes?: number;
  /**
   * Appends to several streams; answers one outcome for each append, in order, when all that it calls
   * `appended` is durable. A stream is named at most once in a call. A store may write the streams in one transaction or each for
   * itself and answer for each: when the call throws, any of them may have been written ({@link StoreError} `unavailable`
   * and `outcome_unknown`): the same call again is safe.
   */
  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]>;
  /** A page of one stream from a revision on (inclusive), oldest first; empty if there is none. `limit` 1 to {@link MAX_PAGE}. */
  readStream(stream: string, fromRevision: number, limit: number): Promise<readonly StreamEvent[]>;
  /**
   * A page of all streams after a position (exclusive), in global order. `after` is {@link START} or the position of
   * an event: not every store can begin at any other place. `limit` 1 to {@link MAX_PAGE}.
   */
  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]>;
  subscribe(options: SubscribeOptions): Subscription;
  /** The position of the last event, {@link START} if there is none. */
  head(): Promise<Position>;
  /** The last event; `undefined` if there is none. */
  last(): Promise<StoredEvent | undefined>;
  /**
   * Looks whether what it keeps beside the events is sound, as far as it can tell without knowing what they mean: the
   * first faults, a sentence each. Left out by a store whose own server sees to that.
   */
  examine?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** An event store that a ledger can be copied into. */
export interface EventStoreTarget extends EventStore {
  /**
   * Appends to streams so that they stand in this order in the global order, too. A stream may be named again, with the
   * revision that it has by then. What is there already, with the same ids at the same place, is passed over.
   * @throws StoreError after which a beginning of it is written, all of it or nothing; with `unavailable` or
   *   `outcome_unknown`, some of it may still come: what is there is to be looked at before the rest is sent again.
   */
  appendInOrder(appends: readonly StreamAppend[]): Promise<void>;
}

/** The reading side of an event store: all that replays, proofs and exports need. */
export type EventReader = Pick<
  EventStore,
  'readStream' | 'readAll' | 'head' | 'last' | 'examine' | 'close'
>;

/** The side of an event store that a projection needs, on a thread other than the one that appends. */
export interface EventFollower extends Pick<
  EventStore,
  'readStream' | 'readAll' | 'subscribe' | 'close'
> {
  /** To be called when something may have been appended: a store that tells its subscribers itself does nothing. */
  wake(): void;
}
