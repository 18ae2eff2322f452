import { setTimeout as sleep } from 'node:timers/promises';

import { gather, MANY } from '../gather';
import type { Position, StoredEvent, SubscribeOptions, Subscription } from '../port';
import { Backoff } from '../../lib/backoff';
import { SERVER_PAUSES } from './server-pauses';
import type { Connection } from './connection';
import { explainPosition, failureOf, NoAnswerError } from './failures';
import { Feed, placeAfter, type FeedPlace } from './feed';
import type { OwnRecords } from './own-records';
import type { OwnStreams } from './own-streams';

/** How long events gather. */
const GATHER_MS = 500;

/** What a subscription reports to its store, and asks it. */
interface SubscribedStore {
  /** Receives each page before it is delivered. */
  readonly onEvents: (events: readonly StoredEvent[]) => void;
  /** Returns the position of the ledger's last event. */
  readonly head: () => Promise<Position>;
}

/**
 * A subscription that outlives its connection. A server drops a live subscription whose consumer is 32 events behind,
 * and a restart or a new leader ends every subscription. The subscription then continues from the last delivered event,
 * or from a later checkpoint. A leader that the other nodes have replaced may keep a subscription open and send nothing,
 * so a subscription that is silent is compared with the head.
 */
export class AllSubscription implements Subscription {
  readonly done: Promise<void>;
  private readonly closing = new AbortController();
  private feed: Feed | undefined;
  /** Until when many events are expected (on the clock of `performance.now()`). */
  private busyUntil = -Infinity;
  /** Up to where everything in the ledger was delivered. */
  private place: FeedPlace;

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    private readonly own: OwnRecords,
    private readonly options: SubscribeOptions,
    private readonly store: SubscribedStore,
  ) {
    this.place = placeAfter(options.after);
    this.done = this.run();
    // A caller that awaits `done` gets the error. If nobody does, the process must not end.
    this.done.catch(() => undefined);
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.feed?.close();
    await this.done.catch(() => undefined);
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(SERVER_PAUSES);
    while (!this.closing.signal.aborted) {
      const before = this.place.commit;
      try {
        await this.follow();
      } catch (error) {
        if (error instanceof HandlerError) throw error.reason;
        const failure = failureOf(explainPosition(error, before));
        if (failure.kind === 'final' && failure.error.code === 'refused') throw failure.error;
      } finally {
        this.feed?.close();
        this.feed = undefined;
      }
      // After progress it reconnects at once.
      if (this.place.commit > before) backoff.reset();
      else await backoff.pause(this.closing.signal);
    }
  }

  /**
   * Delivers until the feed ends, or is closed because many events arrive. Throws the reason why it ended by itself.
   */
  private async follow(): Promise<void> {
    const { patience } = this.connection;
    const began = performance.now();
    const client = await this.connection.current();
    if (this.closing.signal.aborted) return;
    const { pageSize, isAwaited } = this.options;
    const feed = (this.feed = new Feed(client, this.streams, {
      after: this.place,
      buffer: 2 * pageSize,
      confirmMs: patience.callMs,
      heard: () => this.connection.heard(),
    }));
    const looking = setInterval(() => void this.look(feed), 2 * patience.callMs).unref();
    try {
      while (!this.closing.signal.aborted) {
        const gatherMs = performance.now() < this.busyUntil ? GATHER_MS : 0;
        const page = await feed.take(pageSize, { gatherMs });
        if (this.closing.signal.aborted) return;
        // Events that are delivered one by one, as they happen, cost the server and the client several times as much as
        // events in pages. So while many arrive, the feed is closed before a page is handled.
        const rests = page.length >= MANY && isAwaited?.() === false && feed.hasCaughtUp();
        if (rests) feed.close();
        const until = performance.now() + GATHER_MS;
        await this.deliver(page);
        const last = page.at(-1)!;
        this.own.forget(last.position);
        this.place = later(placeAfter(last.position), feed.resumeFrom());
        if (page.length >= MANY) this.busyUntil = performance.now() + 2 * GATHER_MS;
        if (rests) return await this.goOnAlone(this.own.endOf(last, feed.leftOfLast), until);
      }
    } catch (error) {
      this.place = later(this.place, feed.resumeFrom());
      // What this subscription ended itself says nothing about the connection.
      const isOurs = error instanceof HandlerError || this.closing.signal.aborted;
      if (!isOurs) this.connection.judge(client, error, began);
      throw error;
    } finally {
      clearInterval(looking);
    }
  }

  /** Ends a feed that sends nothing, although the ledger has events after the last one. */
  private async look(feed: Feed): Promise<void> {
    const { arrivals } = feed;
    const isSilent = () => feed.isAwaited && feed.arrivals === arrivals;
    if (!isSilent()) return;
    try {
      const head = await this.store.head();
      // An event that was appended a moment ago is still on its way.
      await sleep(this.connection.patience.callMs, undefined, { ref: false });
      if (isSilent() && head > this.place.commit) {
        feed.close(new NoAnswerError(this.connection.patience.callMs));
      }
    } catch {
      // The store can't be asked. If that goes on, the feed ends by itself.
    }
  }

  /**
   * Delivers this process's own appends without an open feed, for as long as they follow without a gap.
   * @param from where the record of the last delivered event ends.
   * @param until when the next page is due, unless somebody waits for it.
   */
  private async goOnAlone(from: number, until: number): Promise<void> {
    let place = from;
    let due = until;
    for (;;) {
      await this.rest(due);
      if (this.closing.signal.aborted) return;
      const { events, end } = this.own.take(place, this.options.pageSize);
      if (events.length === 0) return;
      due = performance.now() + GATHER_MS;
      await this.deliver(events);
      this.place = placeAfter(events.at(-1)!.position);
      place = end;
      this.busyUntil = performance.now() + 2 * GATHER_MS;
    }
  }

  /** Lets events gather until the given time, or until somebody waits for them. */
  private rest(until: number): Promise<void> {
    const { isAwaited } = this.options;
    return gather(until, () => !this.closing.signal.aborted && isAwaited?.() === false);
  }

  private async deliver(page: readonly StoredEvent[]): Promise<void> {
    this.store.onEvents(page);
    try {
      await this.options.onPage(page);
    } catch (error) {
      throw new HandlerError(error);
    }
  }
}

/** Returns the later of two places; the first if they are at the same record. */
function later(one: FeedPlace, other: FeedPlace | undefined): FeedPlace {
  return other === undefined || other.commit <= one.commit ? one : other;
}

/** An error that the handler threw. It ends the subscription; an error of the store does not. */
class HandlerError extends Error {
  constructor(readonly reason: unknown) {
    super('The handler of a subscription failed.', { cause: reason });
  }
}
