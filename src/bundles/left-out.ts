import { nodeHash } from '../domain/merkle';

/** A full subtree that stands for events that a bundle leaves out. `from` and `to` are indexes, half-open. */
export interface LeftOutSubtree {
  readonly from: number;
  readonly to: number;
  readonly hash: Buffer;
}

/**
 * Folds the hashes of consecutive left-out events into the fewest full subtrees. Each is as wide as its start allows:
 * the width is a power of two, and the start is a multiple of it. Holds O(log n) hashes.
 */
export class LeftOutRun {
  private subtrees: LeftOutSubtree[] = [];

  add(index: number, hash: Buffer): void {
    let added: LeftOutSubtree = { from: index, to: index + 1, hash };
    for (let last = this.subtrees.at(-1); last !== undefined; last = this.subtrees.at(-1)) {
      const width = added.to - added.from;
      if (last.to - last.from !== width || last.from % (2 * width) !== 0) break;
      this.subtrees.pop();
      added = { from: last.from, to: added.to, hash: nodeHash(last.hash, added.hash) };
    }
    this.subtrees.push(added);
  }

  /** Returns the run's subtrees in ledger order, and begins the next run. */
  take(): readonly LeftOutSubtree[] {
    const taken = this.subtrees;
    this.subtrees = [];
    return taken;
  }
}
