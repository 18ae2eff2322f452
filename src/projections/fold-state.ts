import type { Account } from '../domain/account/agreement';
import type { Terms } from '../domain/account/terms';
import type { ProjectedSession } from './session-projection';

/** What folding an event of the ledger's own needs of the fold: sessions and accounts as they stand before it. */
export interface FoldState {
  /** The user for whom an event's effect is only tried; `undefined` = for all users. */
  readonly onlyUser: string | undefined;
  /** The terms, once what was agreed with a user is known. */
  termsFor(userId: string): Promise<Terms>;
  /** The account of a user whose terms were asked for. */
  accountOf(userId: string): Account;
  setAccount(userId: string, account: Account): void;
  /** What is in memory of sessions is to be read again. */
  forgetSessions(): void;
  /** A session as it was before an event's position; `undefined` if no event named it. */
  session(sessionId: string, before: number): Promise<ProjectedSession | undefined>;
  /**
   * Reads at once what will be needed one by one, if each read goes over the network. Otherwise it does nothing.
   * Answers the sessions that it read.
   * @param sessions and before which position each.
   */
  expect(
    sessions: ReadonlyMap<string, number>,
    users?: Iterable<string>,
  ): Promise<ReadonlyMap<string, ProjectedSession>>;
}
