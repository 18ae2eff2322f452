import { rootAt } from '../domain/merkle-proofs';
import { TILE_WIDTH, type TileReader } from '../domain/merkle-tiles';

/** How many leaves after the first bad index are looked at to find out what happened there. */
const WINDOW = 64;
/** How far apart two swapped events may be to be recognised. */
const SWAP_WINDOW = 2_048;

/** A Merkle log: its number of leaves, and its tiles. */
export interface Log {
  readonly size: number;
  readonly tiles: TileReader;
}

/** What happened at the first index where two logs differ. */
export type Damage =
  | { readonly kind: 'changed' | 'removed' | 'inserted'; readonly count: number }
  | { readonly kind: 'swapped'; readonly with: number }
  | { readonly kind: 'tail_missing'; readonly count: number }
  | { readonly kind: 'differs' };

/**
 * Returns how many of their first leaves two logs have in common, by a binary search that compares the roots of
 * prefixes.
 */
export async function commonSize(a: Log, b: Log): Promise<number> {
  let low = 0;
  let high = Math.min(a.size, b.size);
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    const same = (await rootAt(middle, a.tiles)).equals(await rootAt(middle, b.tiles));
    if (same) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Works out what was done to the events, from the leaves around the first difference.
 * @param at the first index where the logs differ, below `counted.size`.
 * @param counted the log as it was.
 * @param found the log as the store has it now.
 */
export async function tellDamage(at: number, counted: Log, found: Log): Promise<Damage> {
  if (at >= found.size) return { kind: 'tail_missing', count: counted.size - at };
  const was = await leaves(counted, at, SWAP_WINDOW);
  const is = await leaves(found, at, SWAP_WINDOW);
  const [first] = was as [Buffer];
  const other = was.findIndex((leaf, index) => index > 0 && leaf.equals(is[0]!));
  if (other > 0 && is[other]?.equals(first) === true) return { kind: 'swapped', with: at + other };
  for (let count = 1; count <= WINDOW; count += 1) {
    if (goesOn(was.slice(count), is)) return { kind: 'removed', count };
    if (goesOn(was, is.slice(count))) return { kind: 'inserted', count };
    if (was.length === count || goesOn(was.slice(count), is.slice(count))) {
      return { kind: 'changed', count };
    }
  }
  return { kind: 'differs' };
}

/** Whether two runs of leaves are equal for the length of the shorter one; false if either is empty. */
function goesOn(a: readonly Buffer[], b: readonly Buffer[]): boolean {
  const length = Math.min(a.length, b.length, WINDOW);
  return length > 0 && a.slice(0, length).every((leaf, index) => leaf.equals(b[index]!));
}

async function leaves({ size, tiles }: Log, from: number, count: number): Promise<Buffer[]> {
  const to = Math.min(size, from + count);
  const all: Buffer[] = [];
  for (let number = Math.floor(from / TILE_WIDTH); number * TILE_WIDTH < to; number += 1) {
    const start = number * TILE_WIDTH;
    const hashes = await tiles(0, number);
    all.push(...hashes.slice(Math.max(0, from - start), Math.max(0, to - start)));
  }
  return all;
}
