import type { Cluster } from '../cluster/cluster';
import { PostgresAppendGate } from '../cluster/postgres-append-gate';
import { PostgresLease } from '../cluster/postgres-lease';
import { Presence } from '../cluster/presence';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port';
import { OPEN_GATE } from '../ledger/append-gate';
import { ALWAYS_HELD } from '../projections/lease';

const ALONE: Cluster = {
  lease: ALWAYS_HELD,
  gate: OPEN_GATE,
  trouble: () => undefined,
  close: () => Promise.resolve(),
};

/**
 * Joins the instances that serve the same ledger. If the read model is a file, there are no other instances. An event
 * store in a file keeps other writers out itself.
 * @param report gets an error when the connection to the others is lost.
 */
export function openCluster(
  { readModel }: Pick<Config, 'readModel'>,
  { shared = false }: Pick<EventStore, 'shared'>,
  report: (error: unknown) => void,
): Cluster {
  switch (readModel.kind) {
    case 'sqlite':
      return ALONE;
    case 'postgres':
      return together(new Presence(readModel.connectionString, report), shared);
  }
}

function together(presence: Presence, shared: boolean): Cluster {
  return {
    lease: new PostgresLease(presence),
    gate: shared ? new PostgresAppendGate(presence) : OPEN_GATE,
    trouble: () => (presence.trusted ? undefined : 'PostgreSQL does not answer.'),
    close: () => presence.close(),
  };
}
