import type { AllStreamResolvedEvent } from '@eventstore/db-client';

import { START, type Position, type StoredEvent } from '../port';
import { collect } from './collect';
import type { Connection } from './connection';
import { fromServer } from './event-data';
import type { OwnStreams } from './own-streams';

const FIRST_PAGE = 8;
const MOST_PAGE = 4_096;
/** From how many events without one of ours on it is asked whether there is any. */
const ASK_AFTER = 4_096;

/**
 * Finds the ledger's last event: backwards through all of the server's events, until one of ours comes or the place where it
 * looked last. What other programs wrote is looked at once.
 */
export class Head {
  /** The greatest known position of an event of ours. */
  private known: Position = START;
  /** Up to here there is no event of ours after `known`. */
  private lookedUpTo = 0;

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /** Whether there is no event of ours at all: the server tells that many times faster than it hands out all others. */
    private readonly isEmpty: () => Promise<boolean>,
  ) {}

  /** An event of ours was seen at a position. */
  seen(position: Position): void {
    if (position > this.known) this.known = position;
  }

  /** The position of the ledger's last event, {@link START} if there is none. */
  async position(): Promise<Position> {
    const last = await this.search(() => Math.max(this.known, this.lookedUpTo));
    if (last !== undefined) this.seen(last.position);
    return this.known;
  }

  /** The ledger's last event. */
  async event(): Promise<StoredEvent | undefined> {
    const last = await this.search(() => START);
    if (last !== undefined) this.seen(last.position);
    return last;
  }

  /** The last event of ours after a place; `undefined` if there is none. */
  private async search(stop: () => number): Promise<StoredEvent | undefined> {
    const end = stop();
    let from: bigint | undefined;
    let newest: number | undefined;
    let seen = 0;
    let asked = end > START;
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
      seen += page.length;
      if (!asked && seen >= ASK_AFTER) {
        asked = true;
        if (await this.isEmpty()) return this.looked(newest);
      }
      from = BigInt(positionOf(page.at(-1))!);
    }
  }

  private looked(newest: number | undefined): undefined {
    this.lookedUpTo = Math.max(this.lookedUpTo, newest ?? 0);
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

function positionOf(resolved: AllStreamResolvedEvent | undefined): number | undefined {
  const commit = resolved?.commitPosition ?? resolved?.event?.position.commit;
  return commit === undefined ? undefined : Number(commit);
}
