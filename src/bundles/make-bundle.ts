import type { Kysely } from 'kysely';

import { ReadModelSnapshot } from '../read-model/queries';
import type { ReadModelTables } from '../read-model/tables';
import type { Pace } from '../projections/pace';
import type { AuditParts } from '../snapshots/parts';
import type { BundleScope } from './scope';
import { writeBundle, type BundleSource, type Sink, type WrittenBundle } from './write-bundle';

/** What bundles are made from. */
export interface BundleParts {
  readonly audit: AuditParts;
  /** Makes an empty SQLite database that is deleted when it is closed. */
  readonly openTemporary: BundleSource['openTemporary'];
  readonly signer: BundleSource['signer'];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Called before a bundle is written. */
  readonly begun?: (position: number) => Promise<void>;
}

/** What a bundle covers. */
export interface BundleRequest extends BundleScope {
  /** A position or an RFC 3339 time; null = the position of the live read model. */
  readonly as_of: string | null;
}

/**
 * Makes a bundle from one snapshot: of the live read model, or of the one that answers `as_of`.
 * @throws Problem `invalid_parameter` if `as_of` names no position or time, `not_caught_up`; and as {@link
 * writeBundle}.
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
    // Nobody writes to a past read model any more. It needs no transaction, which would block its other readers.
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
