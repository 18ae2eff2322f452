import { nodeHash } from './merkle';

/**
 * The Merkle tree of a ledger, stored in tiles of 16 hashes. They are like the tiles of C2SP tlog-tiles but smaller, so
 * that adding an event writes little. Level 0 holds the hashes of leaves. An entry of level n + 1 is the root of a full
 * tile of level n. Adding is amortised O(1), and computing any hash of the tree reads O(log n) tiles.
 */
export const TILE_WIDTH = 16;
const TILE_HEIGHT = 4;

/** The length of a hash as base64url text. It is fixed, so the hashes of a tile can be concatenated. */
const HASH_CHARACTERS = 43;

/** The `number`-th tile of a level, counted from 0. The last tile of a level may be partial. */
export interface TileHashes {
  readonly level: number;
  readonly number: number;
  readonly hashes: readonly Buffer[];
}

export function writeHashes(hashes: readonly Buffer[]): string {
  return hashes.map((hash) => hash.toString('base64url')).join('');
}

export function readHashes(text: string): Buffer[] {
  const hashes: Buffer[] = [];
  for (let at = 0; at < text.length; at += HASH_CHARACTERS) {
    hashes.push(Buffer.from(text.slice(at, at + HASH_CHARACTERS), 'base64url'));
  }
  return hashes;
}

/** The root over the hashes of a full tile, or over any number of hashes that is a power of two. */
function rootOfFull(hashes: readonly Buffer[]): Buffer {
  let row = hashes;
  while (row.length > 1) {
    const next: Buffer[] = [];
    for (let at = 0; at < row.length; at += 2) next.push(nodeHash(row[at]!, row[at + 1]!));
    row = next;
  }
  return row[0]!;
}

/** Returns a tile's hashes as they were written. */
export type TileReader = (level: number, number: number) => Promise<readonly Buffer[]>;

/**
 * Returns the hash of the full subtree over the leaves `[start, start + 2^height)`. `start` must be a multiple of
 * 2^height, and the ledger must have all of these leaves.
 */
export async function subtreeHash(
  start: number,
  height: number,
  read: TileReader,
): Promise<Buffer> {
  const level = Math.floor(height / TILE_HEIGHT);
  const entries = 2 ** (height % TILE_HEIGHT);
  const first = start / TILE_WIDTH ** level;
  const hashes = await read(level, Math.floor(first / TILE_WIDTH));
  const offset = first % TILE_WIDTH;
  const slice = hashes.slice(offset, offset + entries);
  if (slice.length < entries)
    throw new Error('The Merkle tiles have fewer leaves than the ledger has events.');
  return rootOfFull(slice);
}

/** The right edge of the tiles, where leaves are added: the partial tile of each level, lowest first. */
export class TileEdge {
  /** By level: the hashes of the tile that is being filled. Empty if the next hash begins a new tile. */
  private readonly partial: Buffer[][];

  /** @param partial the partial tiles of a tree of `leaves` leaves, lowest level first. */
  constructor(
    private leaves: number,
    partial: readonly (readonly Buffer[])[],
  ) {
    this.partial = partial.map((hashes) => [...hashes]);
  }

  /** Returns the levels on which a tree of this size has a partial tile, with that tile's number. */
  static partialTiles(leaves: number): { level: number; number: number }[] {
    const tiles: { level: number; number: number }[] = [];
    let entries = leaves;
    for (let level = 0; entries > 0; level += 1) {
      const number = Math.floor(entries / TILE_WIDTH);
      if (entries % TILE_WIDTH !== 0) tiles.push({ level, number });
      entries = number;
    }
    return tiles;
  }

  /**
   * Adds a leaf's hash. Returns the tiles that it changed, lowest level first. Adding more leaves changes these same
   * arrays.
   */
  add(hash: Buffer): TileHashes[] {
    const changed: TileHashes[] = [];
    let entry = hash;
    let count = this.leaves;
    this.leaves += 1;
    for (let level = 0; ; level += 1) {
      const tile = (this.partial[level] ??= []);
      tile.push(entry);
      changed.push({ level, number: Math.floor(count / TILE_WIDTH), hashes: tile });
      if (tile.length < TILE_WIDTH) return changed;
      entry = rootOfFull(tile);
      this.partial[level] = [];
      count = Math.floor(count / TILE_WIDTH);
    }
  }
}
