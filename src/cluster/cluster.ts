import type { AppendGate } from '../ledger/append-gate';
import type { Lease } from '../projections/lease';

/** How this instance coordinates with the others that serve the same ledger. */
export interface Cluster {
  readonly lease: Lease;
  readonly gate: AppendGate;
  /**
   * Says in a sentence why this instance can't coordinate with the others now; `undefined` if it can, or has no need
   * to.
   */
  trouble(): string | undefined;
  close(): Promise<void>;
}
