import { createHash } from 'node:crypto';

/** Hashes of RFC 6962, section 2.1: a leaf is SHA-256 of 0x00 and its text, a node of 0x01 and its children. */
export const hashOfLeaf = (text: string): Buffer =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(text)
    .digest();

const hashOfNode = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest();

/** A Merkle tree that grows to the right by leaves and by full subtrees, whose one hash stands for events left out. */
export class GrowingTree {
  private leaves = 0;
  /** The full subtrees so far, largest first. */
  private readonly subtrees: { width: number; hash: Buffer }[] = [];

  get size(): number {
    return this.leaves;
  }

  /** Returns whether a full subtree of `width` leaves can come next: it must begin at a multiple of its width. */
  takes(width: number): boolean {
    return width >= 1 && Number.isInteger(Math.log2(width)) && this.leaves % width === 0;
  }

  /** Adds a full subtree of `width` leaves. {@link takes} must have allowed it. */
  add(width: number, hash: Buffer): void {
    let added = { width, hash };
    for (
      let last = this.subtrees.at(-1);
      last?.width === added.width;
      last = this.subtrees.at(-1)
    ) {
      this.subtrees.pop();
      added = { width: 2 * last.width, hash: hashOfNode(last.hash, added.hash) };
    }
    this.subtrees.push(added);
    this.leaves += width;
  }

  /** Returns the root in lower-case hex. The root of no leaves is the hash of the empty string. */
  root(): string {
    if (this.subtrees.length === 0) return createHash('sha256').digest('hex');
    return this.subtrees
      .map((one) => one.hash)
      .reduceRight((right, left) => hashOfNode(left, right))
      .toString('hex');
  }
}

/**
 * Returns whether a proof shows that a tree of `second` leaves begins with the tree of `first` leaves. It follows the
 * recursion of RFC 6962, section 2.1.2, which defines the order of the hashes. `first` is 1 or more and at most
 * `second`.
 */
export function isContinued(
  [first, firstRoot]: readonly [number, string],
  [second, secondRoot]: readonly [number, string],
  proof: readonly Buffer[],
): boolean {
  const left = [...proof];
  /**
   * Returns two hashes of a subtree with `all` leaves: the hash of its first `old` leaves, which the first tree has,
   * and the hash of all.
   */
  const fold = (old: number, all: number, isWhole: boolean): readonly [Buffer, Buffer] => {
    if (old === all) {
      const hash = isWhole ? Buffer.from(firstRoot, 'hex') : next();
      return [hash, hash];
    }
    const split = splitOf(all);
    if (old <= split) {
      const [before, now] = fold(old, split, isWhole);
      return [before, hashOfNode(now, next())];
    }
    const [before, now] = fold(old - split, all - split, false);
    const shared = next();
    return [hashOfNode(shared, before), hashOfNode(shared, now)];
  };
  const next = () => {
    const hash = left.shift();
    if (hash === undefined) throw new RangeError();
    return hash;
  };
  try {
    const [before, now] = fold(first, second, true);
    const isAll = left.length === 0;
    return isAll && before.toString('hex') === firstRoot && now.toString('hex') === secondRoot;
  } catch (error) {
    // The proof has too few hashes.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** The largest power of two below `leaves` (2 or more). */
function splitOf(leaves: number): number {
  let split = 1;
  while (split * 2 < leaves) split *= 2;
  return split;
}
