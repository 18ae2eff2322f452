import type { Kysely } from 'kysely';

import type { RowsToRead } from '../../read-model/rows';
import type { ReadModelTables } from '../../read-model/tables';

/** The live read model, read by a connection of its own. */
export interface LiveReader {
  readonly queries: Kysely<ReadModelTables>;
  /** Its rows as the projector reads them. */
  rows(): RowsToRead;
  /** Lets go of it. */
  close(): Promise<void>;
}

/** A connection that may be kept for the next one who needs one. */
export interface KeptReader extends LiveReader {
  /** Whether what it reads is still what is live. */
  isCurrent(): boolean;
}
