import type { JobContext } from '../../jobs/jobs';
import type { RebuildResult } from '../../projections/rebuild';
import type { ReadModelSwitch } from '../../read-model/rebuildable';
import type { Answerers } from '../../threads/peer';
import type { ThreadPool } from '../../threads/pool';
import type { ReconciliationThreads } from '../../reconcile/reconciliations';
import type { RebuildCalls, ReconcileCalls, WorkerCalls } from './worker-calls';

/** Work that threads of the pool do, as who asks for it sees it. */

export type Workers = ThreadPool<WorkerCalls>;

/**
 * Has a read model filled beside the one that is served.
 * @param goal the position to reach; asked for again as the served one goes on.
 * @param exchange how it takes the place of the served one, where connections must know of that.
 */
export async function rebuildOnThread(
  pool: Workers,
  goal: () => Promise<number>,
  exchange: ReadModelSwitch | undefined,
  { signal, report }: JobContext,
): Promise<RebuildResult> {
  const back: Answerers<RebuildCalls> = {
    progress: report,
    goal,
    hold: () => exchange?.hold(),
    begin: () => exchange?.begin(),
    end: (replaced) => exchange?.end(replaced),
    release: () => exchange?.release(),
  };
  try {
    return await pool.ask('rebuild', undefined, { signal, back });
  } finally {
    await exchange?.abandon();
  }
}

/** Reads vendors' lists, and compares them with the ledger's logs. */
export function reconcileOnThreads(pool: Workers): ReconciliationThreads {
  return {
    read: (asked) => pool.ask('readList', asked),
    compare: (asked, signal, report) => {
      const back: Answerers<ReconcileCalls> = { progress: report };
      return pool.ask('reconcile', asked, { signal, back });
    },
  };
}
