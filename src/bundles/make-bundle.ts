import type { Kysely } from 'kysely';

import { ReadModelSnapshot } from '../read-model/queries';
import type { ReadModelTables } from '../read-model/tables';
import type { Pace } from '../projections/pace';
import type { AuditParts } from '../snapshots/parts';
import type { BundleScope } from './scope';
import { writeBundle, type BundleSource, type Sink, type WrittenBundle } from './write-bundle';

/** What bundles are made of. */
export interface BundleParts {
  readonly audit: AuditParts;
  /** Makes an empty SQLite database that is gone when it is closed. */
  readonly openTemporary: BundleSource['openTemporary'];
  readonly signer: BundleSource['signer'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called before a bundle is written, with the position of its last event. */
  readonly begun?: (position: number) => Promise<void>;
}

/** What a bundle is of. */
export interface BundleRequest extends BundleScope {
  /** A position or an RFC 3339 time; null = where the live read model stands. */
  readonly as_of: string | null;
}

/**
 * Makes a bundle from one snapshot of the live read model, or from the one that answers as of a place.
 * @throws Problem `invalid_parameter` if `as_of` names no place, `not_caught_up`; and as {@link writeBundle}.
 */
export async function makeBundle(
  { audit, openTemporary, signer, now, begun }: BundleParts,
  { as_of, period, user_id }: BundleRequest,
  pace: Pace,
  sink: Sink,
): Promise<WrittenBundle> {
  const { store } = audit;
  return withRows(audit, as_of, async (rows) => {
    const scope = { period, user_id };
    await begun?.(await new ReadModelSnapshot(rows).position());
    return writeBundle({ scope, store, rows, openTemporary, signer, now: now(), pace }, sink);
  });
}

async function withRows<T>(
  { openLive, readModels }: AuditParts,
  asOf: string | null,
  work: (rows: Kysely<ReadModelTables>) => Promise<T>,
): Promise<T> {
  if (asOf !== null) {
    const { position } = await readModels.placeOf(asOf);
    // Nobody writes to a past one any more: it needs no transaction, which would keep its other readers out.
    return readModels.readPast(position, ({ queries }) => work(queries));
  }
  const live = await openLive();
  try {
    const snapshot = await live.queries
      .startTransaction()
      .setIsolationLevel('repeatable read')
      .execute();
    try {
      return await work(snapshot);
    } finally {
      await snapshot.rollback().execute();
    }
  } finally {
    await live.close();
  }
}
