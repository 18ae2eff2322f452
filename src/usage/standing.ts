import { Terms } from '../domain/account/terms';
import type { LedgerOpened } from '../domain/ledger';
import { Problem } from '../platform/problem';
import type { ReadModelSnapshot } from '../read-model/queries';

let last: { readonly id: string; readonly terms: Terms } | undefined;

/**
 * The terms and the position that a snapshot stands at.
 * @throws Problem `not_caught_up` while the projector has not read the ledger's first event.
 */
export async function standingOf(
  snapshot: ReadModelSnapshot,
): Promise<{ terms: Terms; position: number }> {
  const standing = await snapshot.standing();
  if (standing === undefined) {
    throw new Problem('not_caught_up', 'The read model is being built. Ask again in a second.');
  }
  return { terms: termsOf(standing.ledger), position: standing.position };
}

/** Terms know a zone's months, found at some cost: kept from one query to the next. */
function termsOf(ledger: LedgerOpened): Terms {
  if (last?.id !== ledger.ledger_id) last = { id: ledger.ledger_id, terms: new Terms(ledger) };
  return last.terms;
}
