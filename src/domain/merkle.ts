import { hash } from 'node:crypto';

import { printInstant } from './time';

/** The parts of an event that the Merkle log hashes. `body` is the stored text, `recordedAt` the time as stamped. */
export interface LeafEvent {
  readonly stream: string;
  readonly type: string;
  readonly recordedAt: number;
  readonly body: string;
}

/** Returns the text of an event's leaf (docs/reference/rules.md#order-6): the same on every store. */
export function leafText({ stream, type, recordedAt, body }: LeafEvent): string {
  const at = printInstant(recordedAt);
  return `{"stream":${JSON.stringify(stream)},"type":${JSON.stringify(type)},"recorded_at":"${at}","event":${body}}`;
}

const LEAF = '\0';
/** The input of a node's hash: one byte of 1, and room for two child hashes. */
const node = Buffer.alloc(65, 1);

/** Hashes a leaf: SHA-256 of a byte of 0 and the text (RFC 6962, 2.1). */
export function leafHash(text: string): Buffer {
  return hash('sha256', LEAF + text, 'buffer');
}

/** Hashes an inner node: SHA-256 of a byte of 1 and both children (RFC 6962, 2.1). */
export function nodeHash(left: Buffer, right: Buffer): Buffer {
  left.copy(node, 1);
  right.copy(node, 33);
  return hash('sha256', node, 'buffer');
}

/**
 * The right edge of a Merkle tree (RFC 6962, 2.1): the roots of its full subtrees, largest first, one for each set
 * bit of its size. That is enough to add leaves (amortised O(1)) and to compute the root.
 */
export class MerkleEdge {
  private constructor(
    private leaves: number,
    private readonly subtrees: Buffer[],
  ) {}

  /** @param subtrees the result of {@link toHex} for a tree of `size` leaves. */
  static of(size: number, subtrees: readonly string[]): MerkleEdge {
    return new MerkleEdge(
      size,
      subtrees.map((one) => Buffer.from(one, 'hex')),
    );
  }

  get size(): number {
    return this.leaves;
  }

  add(leaf: Buffer): void {
    let subtree = leaf;
    // Divides instead of shifting: a ledger may have more events than 32 bits can count.
    for (let rest = this.leaves; rest % 2 === 1; rest = (rest - 1) / 2) {
      subtree = nodeHash(this.subtrees.pop()!, subtree);
    }
    this.subtrees.push(subtree);
    this.leaves += 1;
  }

  /** Returns the root in lower-case hex. The root of no leaves is the hash of the empty string. */
  root(): string {
    if (this.subtrees.length === 0) return hash('sha256', '');
    return this.subtrees.reduceRight((right, left) => nodeHash(left, right)).toString('hex');
  }

  toHex(): string[] {
    return this.subtrees.map((one) => one.toString('hex'));
  }
}
