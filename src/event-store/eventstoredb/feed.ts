import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises';

import {
  streamNameFilter,
  START as FROM_START,
  type AllStreamResolvedEvent,
  type AllStreamSubscription,
  type EventStoreDBClient,
  type Position,
} from '@eventstore/db-client';

import { charactersOf, isLastPage, pageLength } from '../pages';
import { PAGE_CHARACTERS, START, type StoredEvent } from '../port';
import type { OwnStreams } from './own-streams';
import { fromServer, leftOf } from './event-data';
import { NoAnswerError } from './failures';

/** The server sends a checkpoint after filtering 32 × this many events. */
const CHECKPOINT_INTERVAL = 32;

/** How long to wait for another event before a page that is still gathering is returned. */
const GATHER_STEP_MS = 20;

/**
 * Where a feed begins: after the record at `commit`, or, with a smaller `prepare`, before it. The server names the
 * second kind in checkpoints, where the next record may not be written yet.
 */
export interface FeedPlace {
  readonly commit: number;
  readonly prepare: number;
}

export interface FeedOptions {
  readonly after: FeedPlace;
  /** How many events may wait before the server is asked to pause. A few more may still arrive. */
  readonly buffer: number;
  /** How long to wait for the server to confirm the subscription, in milliseconds. */
  readonly confirmMs: number;
  /**
   * How long the feed may hear nothing after the confirmation, in milliseconds. Forever if left out: a live
   * subscription may have nothing to send.
   */
  readonly idleMs?: number;
  /** Called whenever something came from the server. */
  readonly heard: () => void;
}

/** Returns the place after the event at a position. */
export function placeAfter(position: number): FeedPlace {
  return { commit: position, prepare: position };
}

/** Options for taking a page. */
interface TakeOptions {
  /** Returns an empty page if the feed has caught up, instead of waiting for new events. */
  readonly untilCaughtUp?: boolean;
  /** How long to wait for a full page while the feed catches up, once there are some events. */
  readonly gatherMs?: number;
}

/**
 * One subscription of the client to the ledger's events, filtered on the server and taken as pages. It ends with the
 * first error, and is not used again.
 */
export class Feed {
  private readonly subscription: AllStreamSubscription;
  private buffered: StoredEvent[] = [];
  /** The length of their bodies. */
  private characters = 0;
  /** For each buffered event, how many of the same append come after it. */
  private lefts: number[] = [];
  private received = 0;
  /** How often something has arrived: events, or checkpoints while the server filters events of other programs. */
  arrivals = 0;
  private taken = 0;
  private checkpoint: { readonly place: FeedPlace; readonly afterEvents: number } | undefined;
  private caughtUpAt: number | undefined;
  private ended: { readonly error: unknown } | undefined;
  private wake: (() => void) | undefined;
  private readonly waiting: NodeJS.Timeout;
  /** How many events of its append come after the last event taken. */
  leftOfLast = 0;

  constructor(
    client: EventStoreDBClient,
    private readonly streams: OwnStreams,
    private readonly options: FeedOptions,
  ) {
    const { after, confirmMs } = options;
    const from = { commit: BigInt(after.commit), prepare: BigInt(after.prepare) };
    this.subscription = client.subscribeToAll({
      fromPosition: after.commit === START ? FROM_START : from,
      requiresLeader: true,
      filter: streamNameFilter({
        regex: streams.pattern,
        checkpointInterval: CHECKPOINT_INTERVAL,
        // An error thrown here would stall the subscription for good.
        checkpointReached: (_, position) => Promise.resolve(this.noteCheckpoint(position)),
      }),
    });
    this.waiting = setTimeout(() => this.end(new NoAnswerError(confirmMs)), confirmMs);
    this.subscription
      .on('confirmation', () => {
        if (options.idleMs === undefined) clearTimeout(this.waiting);
        this.heard();
      })
      .on('data', (resolved) => this.receive(resolved))
      .on('caughtUp', () => {
        this.caughtUpAt = this.received + this.subscription.readableLength;
        this.wakeUp();
      })
      .on('error', (error) => this.end(error))
      .on('end', () => this.end(new Error('The subscription was ended.')))
      .on('close', () => this.end(new Error('The subscription was closed.')));
  }

  /**
   * Returns where another feed can continue after the events taken from this one: a checkpoint, so that the server does
   * not filter the events before it again; `undefined` before the first checkpoint.
   */
  resumeFrom(): FeedPlace | undefined {
    if (this.checkpoint === undefined || this.taken < this.checkpoint.afterEvents) return undefined;
    return this.checkpoint.place;
  }

  /**
   * Returns a page of up to `limit` events, as soon as there are some. Returns none if the feed has caught up and
   * `untilCaughtUp` is set.
   * @throws what ended the feed, once all earlier events were taken.
   */
  async take(
    limit: number,
    { untilCaughtUp = false, gatherMs = 0 }: TakeOptions = {},
  ): Promise<readonly StoredEvent[]> {
    while (this.buffered.length === 0) {
      if (this.ended !== undefined) throw this.ended.error;
      if (untilCaughtUp && this.hasCaughtUp()) return [];
      await new Promise<void>((resolve) => (this.wake = resolve));
      // Events that arrive in the same turn of the event loop go into the same page.
      await turn();
    }
    if (gatherMs > 0) await this.gather(limit, gatherMs);
    const count = pageLength(this.buffered, limit);
    const page = this.buffered.slice(0, count);
    this.leftOfLast = this.lefts[count - 1]!;
    this.buffered = this.buffered.slice(count);
    this.lefts = this.lefts.slice(count);
    this.characters -= charactersOf(page);
    this.taken += count;
    if (this.buffered.length < this.options.buffer / 2 && this.characters < PAGE_CHARACTERS) {
      this.subscription.resume();
    }
    return page;
  }

  /** Ends the feed. A pending `take` throws the error. */
  close(error: unknown = new Error('The feed was closed.')): void {
    this.end(error);
  }

  /** Whether somebody waits for an event, and none is here. */
  get isAwaited(): boolean {
    return this.wake !== undefined && this.buffered.length === 0 && this.ended === undefined;
  }

  /** Waits for a full page, until the time is up, nothing more arrives, or the feed is live. */
  private async gather(limit: number, gatherMs: number): Promise<void> {
    const until = performance.now() + gatherMs;
    let before = 0;
    while (isLastPage(this.buffered, limit) && this.ended === undefined) {
      if (this.isLive()) return;
      const left = until - performance.now();
      if (left <= 0 || this.buffered.length === before) return;
      before = this.buffered.length;
      await sleep(Math.min(left, GATHER_STEP_MS));
      // Events that arrived while this process was busy are received first.
      await turn();
    }
  }

  /** Whether all events that existed when the feed became live were taken. */
  hasCaughtUp(): boolean {
    return this.caughtUpAt !== undefined && this.taken >= this.caughtUpAt;
  }

  /** Whether all events that existed when the feed became live have arrived. */
  private isLive(): boolean {
    return this.caughtUpAt !== undefined && this.received >= this.caughtUpAt;
  }

  private receive(resolved: AllStreamResolvedEvent): void {
    if (this.ended !== undefined) return;
    this.received += 1;
    this.arrivals += 1;
    this.heard();
    try {
      const event = fromServer(resolved, this.streams);
      if (event === undefined) this.taken += 1;
      else {
        this.buffered.push(event);
        this.characters += event.body.length;
        this.lefts.push(leftOf(resolved));
      }
    } catch (error) {
      this.end(error);
      return;
    }
    const { buffer } = this.options;
    if (this.buffered.length >= buffer || this.characters >= 2 * PAGE_CHARACTERS) {
      this.subscription.pause();
    }
    this.wakeUp();
  }

  private noteCheckpoint({ commit, prepare }: Position): void {
    // Events that come after the end are dropped, so a later checkpoint may be beyond one that nobody got.
    if (this.ended !== undefined) return;
    // Events from before the checkpoint may still wait in the client's stream, or in our buffer.
    const afterEvents = this.received + this.subscription.readableLength;
    const place = { commit: Number(commit), prepare: Number(prepare) };
    this.checkpoint = { place, afterEvents };
    this.arrivals += 1;
    this.heard();
  }

  private heard(): void {
    this.options.heard();
    if (this.options.idleMs !== undefined) this.waiting.refresh();
  }

  private end(error: unknown): void {
    clearTimeout(this.waiting);
    if (this.ended !== undefined) return;
    this.ended = { error };
    // If the subscription itself has failed, unsubscribing fails too: there is nothing left to end.
    this.subscription.unsubscribe().catch(() => undefined);
    this.subscription.resume();
    this.wakeUp();
  }

  private wakeUp(): void {
    this.wake?.();
    this.wake = undefined;
  }
}
