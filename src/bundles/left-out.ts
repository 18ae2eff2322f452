import { nodeHash } from '../domain/merkle';

/** Full subtrees that stand for events which a bundle leaves out. `from` and `to` are indexes, half-open. */
export interface LeftOutSubtree {
  readonly from: number;
  readonly to: number;
  readonly hash: Buffer;
}

/**
 * Folds the hashes of a run of events that are left out into the fewest full subtrees: each as wide as its place allows
 * (its start is a multiple of its width, a power of two). Holds O(log n) hashes.
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

  /** The run's subtrees in ledger order; the next run begins. */
  take(): readonly LeftOutSubtree[] {
    const taken = this.subtrees;
    this.subtrees = [];
    return taken;
  }
}
