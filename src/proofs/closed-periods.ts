import type { Close } from '../domain/account/agreement';
import { rootAt } from '../domain/merkle-proofs';
import { beside, type Difference } from '../read-model/difference';
import type { ReadModelSnapshot } from '../read-model/queries';
import { totalsOf } from '../usage/period-totals';
import { tilesOf } from './tiles';

/**
 * Checks a closed period in a replay against what its close pinned: the totals, and the Merkle root of the events that
 * it counted. Returns `undefined` if both match.
 */
export async function checkClosed(
  snapshot: ReadModelSnapshot,
  { period, size, root, totals }: Close,
): Promise<Difference | undefined> {
  const replayedRoot = await rootAt(size, tilesOf(snapshot));
  const row = (pinned: object, hash: string) => ({
    period,
    size,
    root: hash,
    totals: JSON.stringify(pinned),
  });
  return beside(
    'closed_periods',
    ['period'],
    row(totals, root),
    row(await totalsOf(snapshot, period), replayedRoot.toString('hex')),
  );
}
