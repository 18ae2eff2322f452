import type { Kysely } from 'kysely';

import type { PersonalReader } from '../read-model/revealed';
import type { ReadModelTables } from '../read-model/tables';
import type { PastReadModel } from './past-models';
import type { LedgerReader, ReadModels } from './read-models';

/** What a comparison with the live read model needs. */
export interface LiveParts {
  readonly store: LedgerReader;
  /** Opens the live read model for reading, on a connection of its own. */
  readonly openLive: () => Promise<{
    readonly queries: Kysely<ReadModelTables>;
    close(): Promise<void>;
  }>;
  /** Makes an empty read model that is deleted when it is closed. */
  readonly openTemporary: () => Promise<PastReadModel>;
}

/** What replays and rehearsals need. */
export interface AuditParts extends LiveParts {
  readonly readModels: Pick<ReadModels, 'placeOf' | 'readPast'>;
  /** Opens personal values, for exports. */
  readonly personal: PersonalReader;
}
