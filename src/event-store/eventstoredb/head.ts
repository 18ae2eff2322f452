import type { AllStreamResolvedEvent } from '@eventstore/db-client';

import { START, type Position, type StoredEvent } from '../port';
import { collect } from './collect';
import type { Connection } from './connection';
import { fromServer } from './event-data';
import type { OwnStreams } from './own-streams';

const FIRST_PAGE = 8;
const MOST_PAGE = 4_096;
/** After how many events of other programs the search asks whether the ledger has any event at all. */
const ASK_AFTER = 4_096;

/**
 * Finds the ledger's last event. Reads the server's events backwards until it meets one of ours, or the position up to
 * which it searched before. So the events of other programs are read only once.
 */
export class Head {
  /** The greatest known position of one of our events. */
  private known: Position = START;
  /** Up to this position there is no event of ours after `known`. */
  private lookedUpTo = 0;

  constructor(
    private readonly connection: Connection,
    private readonly streams: OwnStreams,
    /**
     * Returns whether there is no event of ours at all. The server answers this question much faster than it sends all
     * events of other programs.
     */
    private readonly isEmpty: () => Promise<boolean>,
  ) {}

  /** Notes the position of one of our events. */
  seen(position: Position): void {
    if (position > this.known) this.known = position;
  }

  /** Returns the position of the ledger's last event, or {@link START} if there is none. */
  async position(): Promise<Position> {
    const last = await this.search(() => Math.max(this.known, this.lookedUpTo));
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
