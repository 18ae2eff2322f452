import { ReadModel } from '../../read-model/queries';
import type { ReconciliationResult } from '../../reconcile/add-up';
import type { ReconciliationRequest } from '../../reconcile/asked';
import { reconcile } from '../../reconcile/reconcile';
import type { Asker } from '../../threads/peer';
import type { ReconcileCalls } from './worker-calls';
import type { WorkerSide } from './worker-side';

/** Compares a vendor's list with the ledger's logs, on this thread and a connection of its own. */
export function reconcileTask(
  side: WorkerSide,
  { work, request }: { readonly work: string; readonly request: ReconciliationRequest },
  asker: Asker<ReconcileCalls>,
): Promise<ReconciliationResult & { readonly position: string }> {
  return side.withLive(asker.signal, (live) => {
    const report = (progress: { readonly logs: number }) => asker.tell('progress', progress);
    const readModel = new ReadModel(live.queries, side.personal());
    return reconcile(work, readModel, request, report, asker.signal);
  });
}
