import type { RebuildResult } from '../../projections/rebuild';
import type { ReconciliationResult } from '../../reconcile/add-up';
import type { ReconciliationRequest } from '../../reconcile/asked';
import type { ReconciliationProgress } from '../../reconcile/reconcile';
import type { ListFile } from '../../reconcile/reconciliations';
import type { RebuildProgress } from '../../projections/rebuild-progress';

/** What a thread of the pool is asked. */
export interface WorkerCalls {
  readonly rebuild: { readonly asked: undefined; readonly answer: RebuildResult };
  readonly readList: { readonly asked: ListFile; readonly answer: ReconciliationRequest };
  readonly reconcile: {
    readonly asked: { readonly work: string; readonly request: ReconciliationRequest };
    readonly answer: ReconciliationResult & { readonly position: string };
  };
  readonly close: { readonly asked: undefined; readonly answer: void };
}

/** What a rebuild asks of the thread that serves. */
export interface RebuildCalls {
  readonly progress: { readonly asked: RebuildProgress; readonly answer: void };
  readonly goal: { readonly asked: undefined; readonly answer: number };
  readonly hold: { readonly asked: undefined; readonly answer: void };
  readonly begin: { readonly asked: undefined; readonly answer: void };
  /** Whether another one stands in the place. */
  readonly end: { readonly asked: boolean; readonly answer: void };
  readonly release: { readonly asked: undefined; readonly answer: void };
}

/** What a reconciliation tells the thread that serves. */
export interface ReconcileCalls {
  readonly progress: { readonly asked: ReconciliationProgress; readonly answer: void };
}
