import { MerkleEdge } from '../domain/merkle';
import type { EventReader } from '../event-store/port';
import { project } from '../projections/project';
import { compareReadModels } from '../read-model/compare';
import type { Difference } from '../read-model/difference';
import type { Checkpoint } from '../read-model/rows';
import type { PastReadModel } from '../snapshots/past-models';
import { DenseReader } from './dense-reader';

const SHOWN_DIFFERENCES = 20;

/** The result of comparing a ledger with its copy. */
export interface VerifiedCopy {
  readonly size: number;
  /** The Merkle roots of both, in hex. */
  readonly sourceRoot: string;
  readonly targetRoot: string;
  readonly rowsCompared: number;
  /** How many rows differ, in all tables. The copy is right if this is 0 and the roots are equal. */
  readonly differences: number;
  /** The first of these differences. */
  readonly items: readonly Difference[];
}

/** The part of a ledger that the comparison reads. */
type Ledger = Pick<EventReader, 'readAll' | 'readStream'>;

/**
 * Projects a ledger and its copy, each from its own store alone, into temporary read models, and compares them row for
 * row. Positions are replaced by indexes, so that the rows of two stores can be equal.
 * @param size how many events both have.
 */
export async function verifyCopy(
  source: Ledger,
  target: Ledger,
  size: number,
  openTemporary: () => Promise<PastReadModel>,
  onProgress: (projected: number) => void,
): Promise<VerifiedCopy> {
  const live = await openTemporary();
  const replayed = await openTemporary();
  try {
    const one = await projected(source, live, size, onProgress);
    const other = await projected(target, replayed, size, (done) => onProgress(size + done));
    const sides = { live: live.queries, replayed: replayed.queries };
    const items: Difference[] = [];
    let differences = 0;
    let rowsCompared = 0;
    const compared = compareReadModels(
      () => Promise.resolve(sides),
      {},
      (count) => (rowsCompared += count),
    );
    for await (const difference of compared) {
      differences += 1;
      if (items.length < SHOWN_DIFFERENCES) items.push(difference);
    }
    return {
      size: other.size,
      sourceRoot: rootOf(one),
      targetRoot: rootOf(other),
      rowsCompared,
      differences,
      items,
    };
  } finally {
    await live.close();
    await replayed.close();
  }
}

/** Projects the first `size` events of a ledger, with indexes as positions. */
export async function projected(
  ledger: Ledger,
  { rows }: PastReadModel,
  size: number,
  onProgress: (projected: number) => void,
): Promise<Checkpoint> {
  const reader = new DenseReader(ledger);
  await project(reader, rows, size, (position) => onProgress(position));
  return rows.checkpoint();
}

function rootOf({ size, edge }: Checkpoint): string {
  return MerkleEdge.of(size, edge).root();
}
