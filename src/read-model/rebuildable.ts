import type { Kysely } from 'kysely';

import type { RowsToRead, RowStore } from './rows';
import type { ReadModelTables } from './tables';

/**
 * A read model that is filled beside the live one, to take its place. What was filled stays when the process ends: the
 * next one that is opened goes on with it.
 */
export interface NextReadModel {
  readonly rows: RowStore;
  /** The SQLite file that is filled; `undefined` if the rows go to a server. */
  readonly file: string | undefined;
  /**
   * Puts it in the live one's place, all at once and for good. Nothing is committed to the live one from the call of
   * `catchUp` on; a reader sees all of the old one or all of the new one; whoever was folding for the old one gets a
   * CheckpointMovedError. If it throws, the live one is as it was.
   * @param catchUp brings it to where the live one stands.
   */
  promote(catchUp: () => Promise<void>): Promise<void>;
  /** Throws away what was filled, and begins again with nothing. */
  startAgain(): Promise<void>;
  /** Why it could not be written, for a person; `undefined` if the error says something else. */
  explain(error: unknown): string | undefined;
  /** Whether an error says that what was filled cannot be read any more. */
  isDamage(error: unknown): boolean;
  /** Lets go of it. */
  close(): Promise<void>;
}

/** A place where a new read model can be filled beside the one that is there. */
export interface Rebuildable {
  openNext(): Promise<NextReadModel>;
}

/** The read model that is served: who answers from it. Its rows are written elsewhere. */
export interface ServedReadModel {
  readonly queries: Kysely<ReadModelTables>;
  /** Rows for others than the projector, beside the queries. */
  readonly rowsToRead: RowsToRead;
  /**
   * How another one takes its place while it serves, where its connections know of that; left out if they need not.
   * @param writer the projector's side, wherever that is.
   */
  switchWith?(writer: HeldWriter): ReadModelSwitch;
  close(): Promise<void>;
}

/** The read model that is served, with both of its sides. */
export interface LiveReadModel extends Rebuildable, ServedReadModel {
  /** The projector's side. */
  readonly rows: RowStore;
}

/** The projector's side of a read model whose place another takes. */
export interface HeldWriter {
  /** Lets nothing be committed from when it resolves until {@link release}. */
  hold(): Promise<void>;
  /** Goes on with what stands in the place now. */
  reopen(): Promise<void>;
  release(): Promise<void>;
}

/** How another read model takes the place of the one that is served, step by step: who does it may be on another thread. */
export interface ReadModelSwitch {
  /** Nothing is committed from here on. */
  hold(): Promise<void>;
  /** No query runs from here on. */
  begin(): Promise<void>;
  /** Queries and commits go on with what stands in the place. @param replaced whether that is another one. */
  end(replaced: boolean): Promise<void>;
  /** Commits go on. */
  release(): Promise<void>;
  /** Ends the switch at whatever step it stopped; does nothing if it did not begin. */
  abandon(): Promise<void>;
}
