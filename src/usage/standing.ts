import { NO_ACCOUNT, type Agreement } from '../domain/account/agreement';
import { Terms } from '../domain/account/terms';
import { Problem } from '../http/problem';
import type { ReadModelSnapshot, Standing } from '../read-model/queries';

/**
 * Checks the currency parameter of a query.
 * @throws Problem `unknown_currency` (400) if no rate card of the ledger has it.
 */
export function checkCurrency(terms: Terms, currency: string | undefined): void {
  if (currency === undefined || terms.hasCurrency(currency)) return;
  throw new Problem(
    'unknown_currency',
    `No rate card is in ${currency}. Name a currency that a card has, or leave it out to get the user's own.`,
    { pointer: '/currency', status: 400 },
  );
}

let last: { readonly text: string; readonly terms: Terms } | undefined;

/** The terms of one user, and the position that they are of. */
export interface UserStanding extends Omit<Standing, 'agreement'> {
  readonly terms: Terms;
}

/**
 * Returns the terms and the position of a snapshot, for questions about one user or, without `userId`, about none.
 * @throws Problem `not_caught_up` until the projector has read the ledger's first event.
 */
export async function standingOf(
  snapshot: ReadModelSnapshot,
  userId?: string,
): Promise<UserStanding> {
  const standing = await snapshot.standing();
  if (standing === undefined) {
    throw new Problem('not_caught_up', 'The read model is being built. Ask again in a second.');
  }
  const { agreement, ...place } = standing;
  const terms = termsOf(agreement);
  const account = userId === undefined ? undefined : await snapshot.account(userId);
  if (account === undefined) return { ...place, terms };
  return { ...place, terms: terms.withAccounts((id) => (id === userId ? account : NO_ACCOUNT)) };
}

/** Keeps the terms for the next query: they cache the zone's months, which are expensive to find. */
function termsOf(text: string): Terms {
  if (last?.text !== text) last = { text, terms: new Terms(JSON.parse(text) as Agreement) };
  return last.terms;
}
