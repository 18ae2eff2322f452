import { TILE_WIDTH } from '../domain/merkle-tiles';
import { isLastPage } from '../event-store/pages';
import {
  MAX_PAGE,
  START,
  type EventReader,
  type Position,
  type StoredEvent,
} from '../event-store/port';
import type { ReadModel } from './queries';
import type { MerkleTileRow } from './rows';

/** An event, its dense number in ledger order, and the greatest recorded time up to it. */
export interface IndexedEvent {
  readonly event: StoredEvent;
  readonly index: number;
  readonly recordedAt: number;
}

/**
 * Finds events by index, position or recorded time on any store: the read model knows where each tile of 16 events
 * begins, the store has the events. Events that the projection has not reached yet are found by reading on.
 */
export class LedgerIndex {
  constructor(
    private readonly store: Pick<EventReader, 'readAll'>,
    private readonly readModel: Pick<ReadModel, 'read'>,
  ) {}

  /** Returns the event with this index; `undefined` if the ledger is too short. */
  async at(index: number): Promise<IndexedEvent | undefined> {
    const number = Math.floor(index / TILE_WIDTH);
    const tile = await this.readModel.read(
      async (rows) => (await rows.merkleTile(0, number)) ?? (await rows.lastLeafTile()),
    );
    for await (const one of this.from(tile, TILE_WIDTH)) if (one.index === index) return one;
    return undefined;
  }

  /** Returns the last event at or before a position; `undefined` if there is none. */
  async floor(position: number): Promise<IndexedEvent | undefined> {
    const tile = await this.readModel.read((rows) => rows.leafTileAt(position));
    return this.lastWhere(tile, ({ event }) => event.position <= position);
  }

  /**
   * Returns the last event recorded at or before a time. Recorded time is the greatest stamp so far: it never falls.
   */
  async floorOfTime(time: number): Promise<IndexedEvent | undefined> {
    const tile = await this.readModel.read((rows) => rows.leafTileAtTime(time));
    return this.lastWhere(tile, ({ recordedAt }) => recordedAt <= time);
  }

  private async lastWhere(
    tile: MerkleTileRow | undefined,
    holds: (one: IndexedEvent) => boolean,
  ): Promise<IndexedEvent | undefined> {
    let found: IndexedEvent | undefined;
    for await (const one of this.from(tile, TILE_WIDTH + 1)) {
      if (!holds(one)) break;
      found = one;
    }
    if (found !== undefined || tile === undefined || tile.number === 0) return found;
    // Even the tile's first event is past the target, so the answer is the last event of the tile before.
    return this.at(tile.number * TILE_WIDTH - 1);
  }

  /** Yields all events from a tile on. The first page is small, because it usually holds the answer. */
  private async *from(
    tile: MerkleTileRow | undefined,
    firstPage: number,
  ): AsyncGenerator<IndexedEvent> {
    let after = (tile?.after_position ?? START) as Position;
    let index = (tile?.number ?? 0) * TILE_WIDTH;
    let recordedAt = tile?.after_recorded_at ?? 0;
    for (let limit = firstPage; ; limit = MAX_PAGE) {
      const page = await this.store.readAll(after, limit);
      for (const event of page) {
        recordedAt = Math.max(recordedAt, event.recordedAt);
        yield { event, index, recordedAt };
        index += 1;
      }
      if (isLastPage(page, limit)) return;
      after = page.at(-1)!.position;
    }
  }
}
