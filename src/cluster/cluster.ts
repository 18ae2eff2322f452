import type { AppendGate } from '../ledger/append-gate';
import type { Lease } from '../projections/lease';

/** How this instance coordinates with others that serve the same ledger. */
export interface Cluster {
  readonly lease: Lease;
  readonly gate: AppendGate;
  /** A sentence that says why this instance can't coordinate with the others now; `undefined` if it can, or needn't. */
  trouble(): string | undefined;
  close(): Promise<void>;
}
