import type { Kysely } from 'kysely';

import type { RowsToRead, RowStore } from './rows';
import type { ReadModelTables } from './tables';

/**
 * A read model that is filled beside the live one, to take its place. What was filled stays when the process ends.
 * Whoever opens a next read model later continues with it.
 */
export interface NextReadModel {
  readonly rows: RowStore;
  /** The SQLite file that is filled; `undefined` if the rows go to a server. */
  readonly file: string | undefined;
  /**
   * Puts this read model in the live one's place, all at once and for good. From the call of `catchUp` on, nothing is
   * committed to the live one. A reader sees all of the old one or all of the new one. A projector that was folding for
   * the old one gets a CheckpointMovedError. If this throws, the live one is unchanged.
   * @param catchUp brings this read model to the live one's position.
   */
  promote(catchUp: () => Promise<void>): Promise<void>;
  /** Deletes what was filled, and begins with nothing. */
  startAgain(): Promise<void>;
  /** Returns why it could not be written, for a person; `undefined` if the error has another cause. */
  explain(error: unknown): string | undefined;
  /** Returns whether an error means that what was filled can no longer be read. */
  isDamage(error: unknown): boolean;
  /** Closes it. What was filled stays. */
  close(): Promise<void>;
}

/** Where a new read model can be filled beside the existing one. */
export interface Rebuildable {
  openNext(): Promise<NextReadModel>;
}

/** The read model that answers queries. Its rows are written elsewhere. */
export interface ServedReadModel {
  readonly queries: Kysely<ReadModelTables>;
  /** Rows for readers other than the projector, beside the queries. */
  readonly rowsToRead: RowsToRead;
  /**
   * Returns the steps by which another read model takes this one's place while it serves. Left out if the connections
   * of this one need not know of the change.
   * @param writer the projector's side, on whatever thread it is.
   */
  switchWith?(writer: HeldWriter): ReadModelSwitch;
  close(): Promise<void>;
}

/** The projector's side of a read model that another one replaces. */
export interface HeldWriter {
  /** Once this resolves, nothing is committed until {@link release}. */
  hold(): Promise<void>;
  /** Continues with the read model that is now in its place. */
  reopen(): Promise<void>;
  release(): Promise<void>;
}

/** The steps by which another read model takes the place of the served one. The caller may be on another thread. */
export interface ReadModelSwitch {
  /** Nothing is committed from here on. */
  hold(): Promise<void>;
  /** No query runs from here on. */
  begin(): Promise<void>;
  /**
   * Queries resume with the read model that is now in place; so will commits. @param replaced whether that one is new.
   */
  end(replaced: boolean): Promise<void>;
  /** Commits resume. */
  release(): Promise<void>;
  /** Ends the switch from whatever step it stopped at; does nothing if it has not begun. */
  abandon(): Promise<void>;
}
