import type { Kysely } from 'kysely';

import type { Drafts } from '../domain/account/drafts';
import type { Pace } from '../projections/pace';
import { project } from '../projections/project';
import { NOTHING_READ, type Checkpoint } from '../read-model/rows';
import type { ReadModelTables } from '../read-model/tables';
import type { PastReadModel } from './past-models';
import type { LedgerReader } from './read-models';

/** A read model claims events that the ledger does not have. */
export class StoppedShortError extends Error {
  constructor(position: number) {
    super(
      `The live read model is at position ${position}, which the ledger does not have: the ledger's end is missing, or the read model belongs to another ledger.`,
    );
    this.name = 'StoppedShortError';
  }
}

/** A temporary read model that is filled from the ledger's events up to a requested position. */
export class Replayed {
  checkpoint: Checkpoint = NOTHING_READ;

  constructor(
    private readonly store: LedgerReader,
    private readonly model: PastReadModel,
    private readonly pace: Pace,
    private readonly onProgress: (checkpoint: Checkpoint) => void,
    private readonly drafts?: Drafts,
  ) {}

  get queries(): Kysely<ReadModelTables> {
    return this.model.queries;
  }

  get readModel(): PastReadModel['readModel'] {
    return this.model.readModel;
  }

  /** Reads on up to a position, or to the ledger's end if that comes first. */
  async bringTo(position: number): Promise<void> {
    await project(
      this.store,
      this.model.rows,
      position,
      (_, checkpoint) => {
        this.checkpoint = checkpoint;
        this.onProgress(checkpoint);
        return this.pace.rest();
      },
      { pageSize: () => this.pace.pageSize(), drafts: this.drafts },
    );
  }
}
