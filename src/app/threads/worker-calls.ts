import type { RebuildResult } from '../../projections/rebuild';
import type { RebuildProgress } from '../../projections/rebuild-progress';

/** What a thread of the pool is asked. */
export interface WorkerCalls {
  readonly rebuild: { readonly asked: undefined; readonly answer: RebuildResult };
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
