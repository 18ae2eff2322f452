import type { Terms } from '../domain/account/terms';
import { reachesAnotherTier, type Totals } from '../domain/billing/dependence';
import type { LogChanges, Rerated } from './log-changes';
import { Rerating } from './rerating';
import type { Statement } from './statement';
import type { Stretches } from './stretches';

/**
 * Rates what changed in a statement. Logs behind all others are rated from the statement's end: that reads nothing and
 * costs O(1) a log. One before the end has its stretch rated again; the stretches behind it are rated again only where
 * what they go by changed, and else their marks are moved. A volume tier newly reached goes over the whole statement.
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
  // Charged seconds do not depend on prices: so the totals that prices go by are known here.
  const totals: Totals = { before, now: first.state.charged };
  if (!reachesAnotherTier(first.volume, totals, cardById)) return first.done();
  const again = new Rerating(statement, changes, terms, stretches, totals, true);
  await again.run();
  return again.done();
}
