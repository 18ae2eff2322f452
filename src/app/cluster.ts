import { createRequire } from 'node:module';

import type { Cluster } from '../cluster/cluster';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port';
import { OPEN_GATE } from '../ledger/append-gate';
import { ALWAYS_HELD } from '../projections/lease';
import type * as PostgresCluster from './postgres-cluster';

/** Loads the PostgreSQL code only if it is configured: each start would take longer with it. */
const load = createRequire(__filename);

const ALONE: Cluster = {
  lease: ALWAYS_HELD,
  gate: OPEN_GATE,
  trouble: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Joins the instances that serve the same ledger. If the read model is a file, this instance is the only one: a file
 * can't be shared. An event store in a file refuses other writers itself.
 * @param report gets an error when the connection to the others is lost.
 */
export function openCluster(
  { readModel }: Pick<Config, 'readModel'>,
  store: Pick<EventStore, 'shared'>,
  report: (error: unknown) => void,
): Cluster {
  switch (readModel.kind) {
    case 'sqlite':
      return ALONE;
    case 'postgres': {
      const { joinPostgresCluster } = load('./postgres-cluster') as typeof PostgresCluster;
      return joinPostgresCluster(readModel.connectionString, store, report);
    }
  }
}
