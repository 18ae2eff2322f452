import type { Account } from '../domain/account/agreement';
import type { Terms } from '../domain/account/terms';
import type { FoldedRows } from './folded-rows';
import type { ProjectedSession } from './session-projection';

/**
 * The part of a fold that folding the ledger's own events needs: sessions and accounts as they are before the event.
 */
export interface FoldState {
  /** If set, the event is only tried, and for this user alone. */
  readonly onlyUser: string | undefined;
  /** Reads what was agreed with a user, and returns the terms. */
  termsFor(userId: string): Promise<Terms>;
  /** Returns the account of a user. Call {@link termsFor} first. */
  accountOf(userId: string): Account;
  setAccount(userId: string, account: Account): void;
  /** Drops the sessions in memory, so that they are read again. */
  forgetSessions(): void;
  /** Returns a session as it was before a position; `undefined` if no event names it. */
  session(sessionId: string, before: number): Promise<ProjectedSession | undefined>;
  /**
   * Reads in one step what will be needed one by one, if each read goes over the network. Otherwise does nothing.
   * Returns the sessions that it read.
   * @param sessions by id, the position before which each session is needed.
   */
  expect(
    sessions: ReadonlyMap<string, number>,
    users?: Iterable<string>,
  ): Promise<ReadonlyMap<string, ProjectedSession>>;
  /** Call this after each session that an event derives again: writes the rows so far once there are many. */
  derivedAgain(rows: FoldedRows): Promise<void>;
}
