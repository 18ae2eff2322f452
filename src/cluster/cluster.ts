import type { AppendGate } from '../ledger/append-gate';
import type { Lease } from '../projections/lease';

/** What this instance has to do with others that serve the same ledger. */
export interface Cluster {
  readonly lease: Lease;
  readonly gate: AppendGate;
  /** Why this instance can't agree with the others now, for a person; `undefined` where it can, or needn't. */
  trouble(): string | undefined;
  close(): Promise<void>;
}
