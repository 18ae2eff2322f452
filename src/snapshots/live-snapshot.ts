import type { Kysely, ControlledTransaction } from 'kysely';

import type { Sides } from '../read-model/compare';
import type { Pace } from '../projections/pace';
import { BILLING, type ReadModelTables } from '../read-model/tables';
import { StoppedShortError, type Replayed } from './replayed';

/** How many events the replay may lack when the snapshot is taken. They are read while it is open. */
const NEAR_EVENTS = 2_000;
const APPROACHES = 5;

/** Events are recorded faster than a replay that runs slowly can follow. */
export class FellBehindError extends Error {
  constructor() {
    super(
      'Events are recorded faster than the replay can follow. It begins again, and can finish when fewer events arrive.',
    );
    this.name = 'FellBehindError';
  }
}

/** The live read model has fewer events than before, because its database lost its newest rows in a crash. */
export class WentBackError extends Error {
  constructor(position: number) {
    super(
      `The live read model went back to position ${position}, and is being filled up again. Try again in a moment.`,
    );
    this.name = 'WentBackError';
  }
}

/**
 * The live read model and a replay at the same position. The live side is a snapshot. An open snapshot keeps SQLite
 * from reusing its log, and PostgreSQL from vacuuming. So after `maxAgeMs` it is closed, and both sides move to a newer
 * position.
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

  /** Returns both sides at the same position. They stay the same until they are too old. */
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
      // The first read fixes what the snapshot shows.
      const { position } = await placeOf(this.transaction);
      await this.bringTo(position);
    }
    return { live: this.transaction, replayed: this.replayed.queries };
  }

  async close(): Promise<void> {
    const open = this.transaction;
    this.transaction = undefined;
    await open?.rollback().execute();
    this.pace?.holding?.(false);
  }

  /** @throws StoppedShortError; WentBackError. */
  private async bringTo(position: number): Promise<void> {
    await this.replayed.bringTo(position);
    const reached = this.replayed.checkpoint.position;
    if (reached < position) throw new StoppedShortError(position);
    if (reached > position) throw new WentBackError(position);
  }

  /** Brings the replay close to the live side, while no snapshot is open. */
  private async approach(): Promise<void> {
    for (let tries = 0; tries < APPROACHES; tries += 1) {
      // Only the first filling runs slowly. Later rounds must outrun the events that arrive meanwhile.
      if (this.began > 0 || tries > 0) this.pace?.holding?.(true);
      const { position, size } = await placeOf(this.live);
      if (size - this.replayed.checkpoint.size <= NEAR_EVENTS) return;
      await this.bringTo(position);
    }
    if (this.pace?.holding !== undefined) throw new FellBehindError();
  }
}

/** Returns the position and size of a read model's checkpoint. */
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
