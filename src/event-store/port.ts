/**
 * The event store port: what Minutebook needs from a store that keeps events forever.
 *
 * It knows streams, revisions and positions, and nothing of billing. It suits an embedded file as well as EventStoreDB,
 * whose positions are sparse, whose appends can have unknown outcomes, and which has no transactions over streams.
 */

import type { StoreError } from './errors';

/**
 * A position in the store's global order: a whole number from 1 to 2^53 - 1 that grows, possibly with gaps. `START` (0)
 * is the position before the first event. On the wire it is an opaque decimal string.
 */
export type Position = number & { readonly __brand: 'Position' };

/** The position before the first event. */
export const START = 0 as Position;

/** The revision of a stream that does not exist. The first append to a stream expects it. */
export const NO_STREAM = -1;

/** An event to append. */
export interface NewEvent {
  /**
   * A lower-case UUID, the same for every try of one append and never reused for other content. A store treats the same
   * ids at the same revision as the same append, without comparing contents.
   */
  readonly id: string;
  readonly type: string;
  /** The stored text: a fixed point of `JSON.stringify(JSON.parse(text))`. */
  readonly body: string;
  /** The recorded time: milliseconds since 1970, stamped by the instance that appends. */
  readonly recordedAt: number;
}

/** Events for one stream. They are written together and in order, or not at all. */
export interface StreamAppend {
  readonly stream: string;
  /** The revision of the stream's last event (0-based), or {@link NO_STREAM}. Never "any". */
  readonly expectedRevision: number;
  /** At least one. */
  readonly events: readonly NewEvent[];
}

/**
 * The outcome of one {@link StreamAppend}. `failed` occurs only on a store that writes each stream separately, if one
 * of them could not be written; its {@link StoreError} says what is known. A repeated append (same event ids, same
 * expected revision) writes nothing, and is answered with the positions of the first append.
 *
 * `positions` hold, for each event, the position to wait for in order to see it: the event's own, or, if a store does
 * not report that, the position of the last event of the same append. The answer is the same whenever it is given
 * ({@link StreamEvent.acknowledged}).
 */
export type AppendOutcome =
  | { readonly status: 'appended'; readonly positions: readonly Position[] }
  | { readonly status: 'conflict'; readonly actualRevision: number }
  | { readonly status: 'failed'; readonly error: StoreError };

/** An event as stored. */
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

/** An event as read from its stream. */
export interface StreamEvent extends StoredEvent {
  /** The position that was returned for it when it was appended. */
  readonly acknowledged: Position;
}

/** A subscription that catches up and then follows. It ends when it is closed or when its handler throws. */
export interface Subscription {
  /** Stops delivery. Resolves once the handler no longer runs. */
  close(): Promise<void>;
  /** Resolves after {@link close}. Rejects with what the handler threw or the store reported. */
  readonly done: Promise<void>;
}

export interface SubscribeOptions {
  /** Delivery begins with the first event after this position: {@link START}, or the position of an event. */
  readonly after: Position;
  /** The most events in a page: 1 to {@link MAX_PAGE}. Large events end a page earlier. */
  readonly pageSize: number;
  /** Called with one page at a time (never empty), in order. The next page waits for it to finish. */
  readonly onPage: (events: readonly StoredEvent[]) => Promise<void>;
  /**
   * Whether somebody waits for the next page. If nobody does, a store may hold a page back for a moment to make it
   * larger.
   */
  readonly isAwaited?: () => boolean;
}

/** The most events that one read returns. */
export const MAX_PAGE = 10_000;

/**
 * A page ends with the event whose body brings the length of its bodies to this many UTF-16 units, whatever its limit:
 * an event may have more than a MiB, so ten thousand would not fit into memory. It is far above what thousands of
 * ordinary events have. `isLastPage` (`pages.ts`) tells such a page from the last one.
 */
export const PAGE_CHARACTERS = 8 * 1024 * 1024;

/** The most events that one call of {@link EventStore.append} takes. */
export const MAX_APPEND = 20_000;

export interface EventStore {
  /**
   * Whether other processes may append at the same time. If so, what was read a moment ago may be out of date:
   * instances agree before finance writes, and keys and sessions are read again.
   */
  readonly shared: boolean;
  /**
   * How many calls of {@link EventStore.append} should run at once. One if left out: a second call would wait for the
   * first.
   */
  readonly appendsAtOnce?: number;
  /** Roughly how much a position grows per event; 1 if left out. */
  readonly positionsAnEvent?: number;
  /** The most UTF-8 bytes that the bodies of one {@link StreamAppend} may have together; unbounded if left out. */
  readonly maxAppendBytes?: number;
  /**
   * Appends to several streams. Returns one outcome for each append, in order, once all that it reports as `appended`
   * is durable. A call names each stream at most once. A store may write the streams in one transaction, or each
   * separately with its own outcome. If the call throws ({@link StoreError} `unavailable` or `outcome_unknown`), any of
   * the appends may have been written: the same call again is safe.
   */
  append(appends: readonly StreamAppend[]): Promise<readonly AppendOutcome[]>;
  /**
   * Reads a page of one stream from a revision (inclusive), oldest first; empty if there is none. `limit` is 1 to
   * {@link MAX_PAGE}. Large events end a page earlier ({@link PAGE_CHARACTERS}).
   */
  readStream(stream: string, fromRevision: number, limit: number): Promise<readonly StreamEvent[]>;
  /**
   * Reads a page of all streams after a position (exclusive), in global order. `after` is {@link START} or the position
   * of an event: not every store can start anywhere else. `limit` is 1 to {@link MAX_PAGE}. Large events end a page
   * earlier ({@link PAGE_CHARACTERS}).
   */
  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]>;
  subscribe(options: SubscribeOptions): Subscription;
  /** Returns the position of the last event, or {@link START} if there is none. */
  head(): Promise<Position>;
  /** Returns the last event, or `undefined` if there is none. */
  last(): Promise<StoredEvent | undefined>;
  /**
   * Checks that what is stored is sound, as far as a store can tell without knowing what events mean. Returns the first
   * faults, one sentence each. A store leaves this out if its server checks its own files.
   */
  examine?(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** An event store that a ledger can be copied into. */
export interface EventStoreTarget extends EventStore {
  /**
   * Appends to streams so that the events have this order in the global order, too. A stream may be named again, with
   * the revision that it then has. Events that are already stored with the same ids at the same revision are skipped.
   * @throws StoreError if only the first part was written, or nothing. With `unavailable` or `outcome_unknown`, more of
   * it may still be written: check what is stored before sending the rest again.
   */
  appendInOrder(appends: readonly StreamAppend[]): Promise<void>;
}

/** The reading side of an event store: all that replays, proofs and exports need. */
export type EventReader = Pick<
  EventStore,
  'readStream' | 'readAll' | 'head' | 'last' | 'examine' | 'close'
>;

/** What a projection needs from an event store, on a thread other than the one that appends. */
export interface EventFollower extends Pick<
  EventStore,
  'readStream' | 'readAll' | 'subscribe' | 'close'
> {
  /** Call this when something may have been appended. A store that notifies its subscribers itself does nothing. */
  wake(): void;
}
