import type { EventReader } from '../event-store/port';
import { pairsOf } from '../read-model/compare';
import type { Row } from '../read-model/difference';
import type { PastReadModel } from '../snapshots/past-models';
import { projected } from './verify-copy';

/** The tables that hold what is charged, and the columns that are not compared because they depend on positions. */
const TABLES = ['statements', 'usage_days', 'period_sums'] as const;
const PLACES = ['tail'];

type Ledger = Pick<EventReader, 'readAll' | 'readStream'>;

/**
 * Projects two ledgers and compares what is charged in them, regardless of the positions of their events.
 * @returns how many rows are equal.
 * @throws Error that names the first row that differs.
 */
export async function compareBills(
  one: Ledger,
  other: Ledger,
  openTemporary: () => Promise<PastReadModel>,
  sizeOfOne: number,
  sizeOfOther: number,
): Promise<number> {
  const left = await openTemporary();
  const right = await openTemporary();
  try {
    await projected(one, left, sizeOfOne, () => undefined);
    await projected(other, right, sizeOfOther, () => undefined);
    const sides = () => Promise.resolve({ live: left.queries, replayed: right.queries });
    let rows = 0;
    for (const table of TABLES) {
      for await (const pairs of pairsOf(table, sides, {})) {
        for (const [before, after] of pairs) {
          if (charged(before) !== charged(after)) {
            throw new Error(
              `The copy charges differently (${table}: ${charged(before)}): do not use it.`,
            );
          }
        }
        rows += pairs.length;
      }
    }
    return rows;
  } finally {
    await left.close();
    await right.close();
  }
}

function charged(row: Row | undefined): string | undefined {
  if (row === undefined) return undefined;
  return JSON.stringify(Object.entries(row).filter(([name]) => !PLACES.includes(name)));
}
