import { NO_ACCOUNT, type Account } from '../domain/account/agreement';
import type { Terms } from '../domain/account/terms';
import type { ReadModelSnapshot } from '../read-model/queries';

/** Returns the terms extended with what was agreed with some users. */
export async function termsOfUsers(
  snapshot: ReadModelSnapshot,
  terms: Terms,
  userIds: readonly string[],
): Promise<Terms> {
  const rows = userIds.length === 0 ? [] : await snapshot.accountsOf(userIds);
  const accounts = new Map(
    rows.map(({ user_id, account }) => [user_id, JSON.parse(account) as Account]),
  );
  return terms.withAccounts((id) => accounts.get(id) ?? NO_ACCOUNT);
}
