import { pause } from '../lib/pause';
import type { Checkpoint, RowStore } from '../read-model/rows';
import type { Lease } from './lease';

/** How often the checkpoint itself is read, besides listening to announcements. */
const LOOK_MS = 500;

/** Hears how far another instance has advanced the projection. */
interface Follower {
  /** Receives a checkpoint that was read. */
  seen(checkpoint: Checkpoint): void;
  /** Receives a position that another instance announced. */
  told(position: number): void;
}

/**
 * Follows what another instance commits, until the lease is held here or `signal` is aborted. If the lease is already
 * held, there is nothing to follow.
 * @throws whatever reading the checkpoint throws.
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
