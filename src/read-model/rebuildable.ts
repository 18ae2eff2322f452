import type { Kysely } from 'kysely';

import type { RowStore } from './rows';
import type { ReadModelTables } from './tables';

/**
 * A read model that is filled beside the live one, to take its place. What was filled stays when the process ends: the
 * next one that is opened goes on with it.
 */
export interface NextReadModel {
  readonly rows: RowStore;
  /**
   * Puts it in the live one's place, all at once and for good. Nothing is committed to the live one from the call of
   * `catchUp` on; a reader sees all of the old one or all of the new one; who was folding for the old one is told so by
   * CheckpointMovedError. Where it throws, the live one is as it was.
   * @param catchUp brings it to where the live one stands.
   */
  promote(catchUp: () => Promise<void>): Promise<void>;
  /** Throws away what was filled, and begins again with nothing. */
  startAgain(): Promise<void>;
  /** Why it could not be written, for a person; `undefined` where that is not what an error says. */
  explain(error: unknown): string | undefined;
  /** Whether an error says that what was filled cannot be read any more. */
  isDamage(error: unknown): boolean;
  /** Lets go of it. */
  close(): Promise<void>;
}

/** Where a read model can be filled anew beside what is there. */
export interface Rebuildable {
  openNext(): Promise<NextReadModel>;
}

/** The read model that is served, and whose place another may take meanwhile. */
export interface LiveReadModel extends Rebuildable {
  readonly queries: Kysely<ReadModelTables>;
  /** The projector's side. */
  readonly rows: RowStore;
  /** The same for others who only read: what they read does not let the projector commit on rows that it has not seen. */
  readonly rowsToRead: RowStore;
  close(): Promise<void>;
}
