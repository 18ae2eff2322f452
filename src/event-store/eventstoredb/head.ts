import type { AllStreamResolvedEvent } from '@eventstore/db-client';

import { isLastPage } from '../pages';
import { START, type Position, type StoredEvent } from '../port';
import { collect } from './collect';
import type { Connection } from './connection';
import { fromServer } from './event-data';
import type { OwnStreams } from './own-streams';

const FIRST_PAGE = 8;
const MOST_PAGE = 4_096;
/** After how many events of other programs the search asks whether the ledger has any event at all. */
const ASK_AFTER = 4_096;
/** After how many events of other programs a search that has an end lets the server filter. */
const FILTER_AFTER = 512;
/** How many of the ledger's events are then read at a time. */
const OWN_PAGE = 512;

/**
 * Finds the ledger's last event. Reads the server's events backwards until it meets one of ours, or the position up to
 * which it searched before. Backwards, the server can't filter, so it sends each event of other programs. If there are
 * many, the search reads on from where the last one ended, forwards and filtered: that keeps an instance ready while
 * another program writes thousands of events per second to the same server.
 */
export class Head {
  /** The greatest known position of one of our events. */
  private known: Position = START;
  /** Up to this position there is no event of ours after `known`. */
  private lookedUpTo: Position = START;

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /** Reads a page of our events after a position, filtered on the server. */
    private readonly ownAfter: (
      position: Position,
      limit: number,
    ) => Promise<readonly StoredEvent[]>,
  ) {}

  /** Notes the position of one of our events. */
  seen(position: Position): void {
    if (position > this.known) this.known = position;
  }

  /** Returns the position of the ledger's last event, or {@link START} if there is none. */
  async position(): Promise<Position> {
    const last = await this.search(() => later(this.known, this.lookedUpTo));
    if (last !== undefined) this.seen(last.position);
    return this.known;
  }

  /** Returns the ledger's last event. */
  async event(): Promise<StoredEvent | undefined> {
    const last = await this.search(() => START);
    if (last !== undefined) this.seen(last.position);
    return last;
  }

  /** Returns our last event after a position, or `undefined` if there is none. */
  private async search(stop: () => Position): Promise<StoredEvent | undefined> {
    const end = stop();
    let from: bigint | undefined;
    let newest: Position | undefined;
    let seen = 0;
    for (let size = FIRST_PAGE; ; size = Math.min(size * 8, MOST_PAGE)) {
      const page = await this.page(from, size);
      newest ??= positionOf(page[0]);
      for (const resolved of page) {
        if (positionOf(resolved)! <= end) return this.looked(newest);
        const event = fromServer(resolved, this.streams);
        if (event === undefined) continue;
        this.looked(newest);
        return event;
      }
      if (page.length < size) return this.looked(newest);
      const before = seen;
      seen += page.length;
      if (end > START && seen >= FILTER_AFTER) return this.filtered(end, newest);
      if (before < ASK_AFTER && seen >= ASK_AFTER) {
        if ((await this.ownAfter(START, 1)).length === 0) return this.looked(newest);
      }
      from = BigInt(positionOf(page.at(-1))!);
    }
  }

  /** Does what {@link search} does, forwards. */
  private async filtered(
    end: Position,
    newest: Position | undefined,
  ): Promise<StoredEvent | undefined> {
    let last: StoredEvent | undefined;
    for (;;) {
      const page = await this.ownAfter(last?.position ?? end, OWN_PAGE);
      last = page.at(-1) ?? last;
      if (isLastPage(page, OWN_PAGE)) break;
    }
    this.looked(newest);
    return last;
  }

  private looked(newest: Position | undefined): undefined {
    this.lookedUpTo = later(this.lookedUpTo, newest ?? START);
  }

  private page(
    from: bigint | undefined,
    maxCount: number,
  ): Promise<readonly AllStreamResolvedEvent[]> {
    return this.connection.insist((client) =>
      collect(
        client.readAll({
          direction: 'backwards',
          fromPosition: from === undefined ? 'end' : { commit: from, prepare: from },
          maxCount,
          requiresLeader: true,
        }),
        this.connection.patience.callMs,
      ),
    );
  }
}

function positionOf(resolved: AllStreamResolvedEvent | undefined): Position | undefined {
  const commit = resolved?.commitPosition ?? resolved?.event?.position.commit;
  return commit === undefined ? undefined : (Number(commit) as Position);
}

function later(one: Position, other: Position): Position {
  return other > one ? other : one;
}
