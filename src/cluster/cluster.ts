import type { AppendGate } from '../ledger/append-gate';
import type { Lease } from '../projections/lease';

/** How this instance coordinates with the others that serve the same ledger. */
export interface Cluster {
  readonly lease: Lease;
  readonly gate: AppendGate;
  /**
   * Returns a sentence that says why this instance can't coordinate with the others now; `undefined` if it can, or need
   * not.
   */
  trouble(): string | undefined;
  close(): Promise<void>;
}
