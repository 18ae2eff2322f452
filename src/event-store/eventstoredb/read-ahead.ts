import type { EventStoreDBClient } from '@eventstore/db-client';

import { isLastPage } from '../pages';
import type { StoredEvent } from '../port';
import { Feed, placeAfter, type FeedOptions } from './feed';
import type { OwnStreams } from './own-streams';

/** A reader of a page of at least this size is expected to read on. */
const LARGE = 500;
/** The most feeds that are kept open for readers who may read on. */
const MOST_KEPT = 2;

/** The options of a page, besides its position and size. */
type Options = Omit<FeedOptions, 'after' | 'buffer' | 'idleMs'>;

/**
 * Reads pages of the ledger's events. While a page is processed, it already reads the next. A kept feed that nobody
 * reads hears nothing, and so ends by itself.
 */
export class ReadAhead {
  /** Feeds by the position at which each continues. */
  private readonly kept = new Map<number, Feed>();

  constructor(private readonly streams: OwnStreams) {}

  /** Returns a page of events after a position; see the port. @throws what ends the feed. */
  async page(
    client: EventStoreDBClient,
    after: number,
    limit: number,
    options: Options,
  ): Promise<readonly StoredEvent[]> {
    const events = await this.goOn(after, limit);
    if (!isLastPage(events, limit)) return events;
    // A feed opened earlier may end before the newest events. The rest comes from a new feed.
    const feed = new Feed(client, this.streams, {
      ...options,
      after: placeAfter(events.at(-1)?.position ?? after),
      buffer: limit,
      idleMs: options.confirmMs,
    });
    try {
      await fill(events, limit, feed);
    } catch (error) {
      feed.close();
      throw error;
    }
    this.keep(feed, events, limit);
    return events;
  }

  /** Returns the events of a kept feed; none if there is no such feed, or if it ended. */
  private async goOn(after: number, limit: number): Promise<StoredEvent[]> {
    const events: StoredEvent[] = [];
    const feed = this.kept.get(after);
    if (feed === undefined) return events;
    this.kept.delete(after);
    try {
      await fill(events, limit, feed);
    } catch {
      feed.close();
      return events;
    }
    this.keep(feed, events, limit);
    return events;
  }

  private keep(feed: Feed, events: readonly StoredEvent[], limit: number): void {
    if (isLastPage(events, limit) || limit < LARGE || feed.hasCaughtUp()) return feed.close();
    const [oldest] = this.kept;
    if (oldest !== undefined && this.kept.size >= MOST_KEPT) {
      this.kept.delete(oldest[0]);
      oldest[1].close();
    }
    this.kept.set(events.at(-1)!.position, feed);
  }
}

async function fill(events: StoredEvent[], limit: number, feed: Feed): Promise<void> {
  while (isLastPage(events, limit)) {
    const page = await feed.take(limit - events.length, { untilCaughtUp: true });
    if (page.length === 0) return;
    events.push(...page);
  }
}
