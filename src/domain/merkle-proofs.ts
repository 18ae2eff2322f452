import { createHash } from 'node:crypto';

import { nodeHash } from './merkle';
import { subtreeHash, type TileReader } from './merkle-tiles';

/**
 * Proofs over a Merkle log: made as in RFC 6962, 2.1.1 and 2.1.2, and checked as in RFC 9162, 2.1.3 and 2.1.4. A proof
 * reads O(log n) tiles.
 */

/** The largest power of two below `n` (2 or more). */
function splitOf(n: number): number {
  let k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

/** The hash over the leaves `[start, end)`, a range that one node of the tree covers. */
async function rangeHash(start: number, end: number, read: TileReader): Promise<Buffer> {
  const width = end - start;
  const height = Math.round(Math.log2(width));
  if (2 ** height === width) return subtreeHash(start, height, read);
  const k = splitOf(width);
  return nodeHash(await rangeHash(start, start + k, read), await rangeHash(start + k, end, read));
}

/** Returns the root of the first `size` leaves. The root of no leaves is the hash of the empty string. */
export async function rootAt(size: number, read: TileReader): Promise<Buffer> {
  return size === 0 ? createHash('sha256').digest() : rangeHash(0, size, read);
}

/**
 * Returns the audit path of the leaf at `index` (0 to `size` - 1) in the tree of the first `size` leaves, lowest hash
 * first.
 */
export async function inclusionProof(
  index: number,
  size: number,
  read: TileReader,
): Promise<Buffer[]> {
  const path: Buffer[] = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      path.push(await rangeHash(middle, end, read));
      end = middle;
    } else {
      path.push(await rangeHash(start, middle, read));
      start = middle;
    }
  }
  return path.reverse();
}

/**
 * Proves that the tree of the first `second` leaves extends the tree of the first `first`; 1 <= `first` <= `second`.
 */
export async function consistencyProof(
  first: number,
  second: number,
  read: TileReader,
): Promise<Buffer[]> {
  const proof: Buffer[] = [];
  let [start, end] = [0, second];
  let known = true;
  while (first !== end) {
    const middle = start + splitOf(end - start);
    if (first <= middle) {
      proof.push(await rangeHash(middle, end, read));
      end = middle;
    } else {
      proof.push(await rangeHash(start, middle, read));
      start = middle;
      known = false;
    }
  }
  if (!known) proof.push(await rangeHash(start, end, read));
  return proof.reverse();
}

/** Checks that a path leads from a leaf's hash to a root (RFC 9162, 2.1.3.2). */
export function checkInclusion(
  leaf: Buffer,
  index: number,
  size: number,
  path: readonly Buffer[],
  root: Buffer,
): boolean {
  if (index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash = leaf;
  for (const sibling of path) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = nodeHash(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      hash = nodeHash(hash, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && hash.equals(root);
}

/** Checks that the tree of the second root extends the tree of the first (RFC 9162, 2.1.4.2). */
export function checkConsistency(
  first: number,
  second: number,
  proof: readonly Buffer[],
  firstRoot: Buffer,
  secondRoot: Buffer,
): boolean {
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot);
  if (first < 1 || first > second) return false;
  const isFull = Number.isInteger(Math.log2(first));
  const [seed, ...rest] = isFull ? [firstRoot, ...proof] : proof;
  if (seed === undefined) return false;
  let [at, last] = [first - 1, second - 1];
  while (at % 2 === 1) [at, last] = [half(at), half(last)];
  let [old, now] = [seed, seed];
  for (const sibling of rest) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      old = nodeHash(sibling, old);
      now = nodeHash(sibling, now);
      while (at % 2 === 0 && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      now = nodeHash(now, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && old.equals(firstRoot) && now.equals(secondRoot);
}

/** Divides instead of shifting: a ledger may have more events than 32 bits can count. */
function half(value: number): number {
  return Math.floor(value / 2);
}
