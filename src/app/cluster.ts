import { createRequire } from 'node:module';

import type { Cluster } from '../cluster/cluster';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port';
import type { KeptTables } from '../kept/kept-tables';
import { GateAlone } from '../ledger/gate-alone';
import { ALWAYS_HELD } from '../projections/lease';
import type * as PostgresCluster from './postgres-cluster';

/** Loads the PostgreSQL code only if it is configured: each start would take longer with it. */
const load = createRequire(__filename);

/**
 * Joins the instances that serve the same ledger. If the read model is a file, this instance is the only one: a file
 * can't be shared. An event store in a file refuses other writers itself.
 * @param tables where an instance that is alone stores which time it settled, if they are in a file.
 * @param report gets an error when the connection to the others is lost.
 */
export async function openCluster(
  { readModel }: Pick<Config, 'readModel'>,
  store: Pick<EventStore, 'shared'>,
  tables: KeptTables,
  report: (error: unknown) => void,
): Promise<Cluster> {
  switch (readModel.kind) {
    case 'sqlite':
      return alone(await GateAlone.open(tables));
    case 'postgres': {
      const { joinPostgresCluster } = load('./postgres-cluster') as typeof PostgresCluster;
      return joinPostgresCluster(readModel.connectionString, store, report);
    }
  }
}

function alone(gate: GateAlone): Cluster {
  return {
    lease: ALWAYS_HELD,
    gate,
    trouble: () => undefined,
    close: () => gate.close(),
  };
}
