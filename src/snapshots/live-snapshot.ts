import type { Kysely, ControlledTransaction } from 'kysely';

import type { Sides } from '../read-model/compare';
import type { Pace } from '../projections/pace';
import { BILLING, type ReadModelTables } from '../read-model/tables';
import { StoppedShortError, type Replayed } from './replayed';

/** How many events the replay may be behind when the snapshot is taken: they are read while it is open. */
const NEAR_EVENTS = 2_000;
const APPROACHES = 5;

/** More is recorded than a replay that takes its time can follow. */
export class FellBehindError extends Error {
  constructor() {
    super(
      'More is recorded than it can follow. It begins again; quiet hours let it come to its end.',
    );
    this.name = 'FellBehindError';
  }
}

/**
 * The live read model and a replay at one place. The live side is a snapshot; an open one keeps SQLite from using its
 * log again, and PostgreSQL from cleaning up, so after `maxAgeMs` it is let go and both sides go on at a newer place.
 */
export class LiveSnapshot {
  private transaction: ControlledTransaction<ReadModelTables> | undefined;
  private began = 0;

  constructor(
    private readonly live: Kysely<ReadModelTables>,
    private readonly replayed: Replayed,
    private readonly maxAgeMs: number,
    private readonly pace?: Pace,
  ) {}

  /** Both sides, at one place; the same ones until they are too old. */
  async sides(): Promise<Sides> {
    if (this.transaction === undefined || performance.now() - this.began > this.maxAgeMs) {
      await this.close();
      await this.approach();
      this.transaction = await this.live
        .startTransaction()
        .setIsolationLevel('repeatable read')
        .execute();
      this.pace?.holding?.(true);
      this.began = performance.now();
      // The first read is what the snapshot is of.
      const { position } = await placeOf(this.transaction);
      await this.replayed.bringTo(position);
      if (this.replayed.checkpoint.position !== position) throw new StoppedShortError(position);
    }
    return { live: this.transaction, replayed: this.replayed.queries };
  }

  async close(): Promise<void> {
    const open = this.transaction;
    this.transaction = undefined;
    await open?.rollback().execute();
    this.pace?.holding?.(false);
  }

  /** Brings the replay near to where the live side stands, while no snapshot is open. */
  private async approach(): Promise<void> {
    for (let tries = 0; tries < APPROACHES; tries += 1) {
      // Only the first filling goes slowly; what came meanwhile is read sooner than more comes.
      if (this.began > 0 || tries > 0) this.pace?.holding?.(true);
      const { position, size } = await placeOf(this.live);
      if (size - this.replayed.checkpoint.size <= NEAR_EVENTS) return;
      await this.replayed.bringTo(position);
      if (this.replayed.checkpoint.position !== position) throw new StoppedShortError(position);
    }
    if (this.pace?.holding !== undefined) throw new FellBehindError();
  }
}

/** Where a read model stands. */
export async function placeOf(
  db: Pick<Kysely<ReadModelTables>, 'selectFrom'>,
): Promise<{ position: number; size: number }> {
  const { position, size } = await db
    .selectFrom('checkpoints')
    .select(['position', 'size'])
    .where('name', '=', BILLING)
    .executeTakeFirstOrThrow();
  return { position: Number(position), size: Number(size) };
}
