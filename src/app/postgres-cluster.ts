import type { Cluster } from '../cluster/cluster';
import { PostgresAppendGate } from '../cluster/postgres-append-gate';
import { PostgresLease } from '../cluster/postgres-lease';
import { Presence } from '../cluster/presence';
import type { EventStore } from '../event-store/port';
import { OPEN_GATE } from '../ledger/append-gate';

/**
 * Joins the instances whose read model is in the same PostgreSQL.
 * @param report gets an error when the connection to the others is lost.
 */
export function joinPostgresCluster(
  connectionString: string,
  { shared }: Pick<EventStore, 'shared'>,
  report: (error: unknown) => void,
): Cluster {
  const presence = new Presence(connectionString, report);
  return {
    lease: new PostgresLease(presence),
    gate: shared ? new PostgresAppendGate(presence) : OPEN_GATE,
    trouble: () => (presence.trusted ? undefined : 'PostgreSQL does not answer.'),
    close: () => presence.close(),
  };
}
