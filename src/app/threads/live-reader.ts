import type { Kysely } from 'kysely';

import type { RowsToRead } from '../../read-model/rows';
import type { ReadModelTables } from '../../read-model/tables';

/** The live read model, read on a connection of its own. */
export interface LiveReader {
  readonly queries: Kysely<ReadModelTables>;
  /** Its rows as the projector reads them. */
  rows(): RowsToRead;
  /** Releases the connection. */
  close(): Promise<void>;
}

/** A connection that may be kept for the next read. */
export interface KeptReader extends LiveReader {
  /** Whether the read model that it reads is still the live one. */
  isCurrent(): boolean;
}
