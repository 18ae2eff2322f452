import type { Terms } from '../domain/account/terms';
import { reachesAnotherTier, type Totals } from '../domain/billing/dependence';
import type { LogChanges, Rerated } from './log-changes';
import { Rerating } from './rerating';
import type { Statement } from './statement';
import type { Stretches } from './stretches';

/**
 * Rates the changes of a statement. Logs after all others are rated from the statement's end: that reads nothing and
 * costs O(1) for each log. If a log changes before the end, its stretch is rated again. A later stretch is rated again
 * only if something that it depends on changed; otherwise only its mark moves. If the totals reach another volume tier,
 * all stretches are checked.
 */
export async function rateChanges(
  statement: Statement,
  changes: LogChanges,
  terms: Terms,
  stretches: Stretches,
): Promise<Rerated> {
  const cardById = (id: string) => terms.cardById(id);
  const before = statement.state.charged;
  const unchanged: Totals = { before, now: before };
  const first = new Rerating(statement, changes, terms, stretches, unchanged, false);
  await first.run();
  // Charged seconds do not depend on prices, so the totals that volume prices depend on are known here.
  const totals: Totals = { before, now: first.state.charged };
  if (!reachesAnotherTier(first.volume, totals, cardById)) return first.done();
  const again = new Rerating(statement, changes, terms, stretches, totals, true);
  await again.run();
  return again.done();
}
