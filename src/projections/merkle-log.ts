import {
  readHashes,
  TileEdge,
  TILE_WIDTH,
  writeHashes,
  type TileHashes,
} from '../domain/merkle-tiles';
import type { StoredEvent } from '../event-store/port';
import type { Checkpoint, MerkleTileRow, RowReader } from '../read-model/rows';

/**
 * Keeps the ledger's Merkle tree in rows, one for each tile. A tile of leaves also says where it begins: together,
 * these tiles are the dense index that a store with sparse positions lacks.
 */
export class MerkleLog {
  private known: { size: number; edge: TileEdge; leaves: TilePlace | undefined } | undefined;

  constructor(private readonly reader: Pick<RowReader, 'merkleTile'>) {}

  /** Forgets what it holds in memory. */
  reset(): void {
    this.known = undefined;
  }

  /** Returns the tiles that the events after a checkpoint change. `leaves` are the events' hashes, in order. */
  async add(
    events: readonly StoredEvent[],
    leaves: readonly Buffer[],
    { size, position, recorded_at }: Checkpoint,
  ): Promise<MerkleTileRow[]> {
    const known = this.known?.size === size ? this.known : await this.load(size);
    const changed = new Map<string, ChangedTile>();
    let before = { after_position: position, after_recorded_at: recorded_at };
    for (const [at, event] of events.entries()) {
      const begins = known.size % TILE_WIDTH === 0;
      known.size += 1;
      for (const { level, number, hashes } of known.edge.add(leaves[at]!)) {
        const place =
          level > 0 ? NO_PLACE : begins || known.leaves === undefined ? before : known.leaves;
        const { after_position, after_recorded_at } = place;
        const tile = { level, number, hashes, after_position, after_recorded_at };
        if (level === 0) known.leaves = tile;
        changed.set(`${level}/${number}`, tile);
      }
      before = {
        after_position: event.position,
        after_recorded_at: Math.max(before.after_recorded_at, event.recordedAt),
      };
    }
    this.known = known;
    return [...changed.values()].map((tile) => ({ ...tile, hashes: writeHashes(tile.hashes) }));
  }

  private async load(size: number) {
    const partial: Buffer[][] = [];
    let leaves: TilePlace | undefined;
    for (const { level, number } of TileEdge.partialTiles(size)) {
      const row = await this.reader.merkleTile(level, number);
      if (row === undefined) throw new Error('A tile of the Merkle log is missing.');
      partial[level] = readHashes(row.hashes);
      if (level === 0) leaves = row;
    }
    return {
      size,
      edge: new TileEdge(
        size,
        Array.from(partial, (one) => one ?? []),
      ),
      leaves,
    };
  }
}

/** Where a tile of leaves begins. */
type TilePlace = Pick<MerkleTileRow, 'after_position' | 'after_recorded_at'>;

/** A tile before it is written. */
type ChangedTile = TileHashes & TilePlace;

const NO_PLACE = { after_position: 0, after_recorded_at: 0 };
