import { pause } from '../lib/pause';
import type { Checkpoint, RowStore } from '../read-model/rows';
import type { Lease } from './lease';

/** How often it looks for itself, beside what it is told. */
const LOOK_MS = 500;

/** Hears how far another instance has brought the projection. */
interface Follower {
  /** Gets the checkpoint as it was read. */
  seen(checkpoint: Checkpoint): void;
  /** Gets a position that the projection has reached. */
  told(position: number): void;
}

/**
 * Follows what another instance commits until the lease is held here, or `signal` is aborted. Where nobody else can hold
 * it, there is nothing to follow.
 * @throws what reading the checkpoint throws.
 */
export async function follow(
  lease: Lease,
  rows: Pick<RowStore, 'checkpoint'>,
  signal: AbortSignal,
  follower: Follower,
): Promise<void> {
  if (lease.held) return;
  const leaving = new AbortController();
  const either = AbortSignal.any([signal, leaving.signal]);
  const ignore = lease.onAnnounced((position) => follower.told(position));
  let taken = false;
  const taking = lease.take(either).finally(() => {
    taken = true;
    leaving.abort();
  });
  try {
    while (!taken) {
      follower.seen(await rows.checkpoint());
      await pause(LOOK_MS, either);
    }
  } finally {
    ignore();
    leaving.abort();
    await taking;
  }
}
