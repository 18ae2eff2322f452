import type { Agreement } from '../domain/account/agreement';
import { MerkleEdge } from '../domain/merkle';
import type { StoredEvent } from '../event-store/port';
import type { Checkpoint } from '../read-model/rows';

/** Returns the checkpoint after some events. `leaves` are the hashes of these events, in the same order. */
export function advance(
  checkpoint: Checkpoint,
  events: readonly StoredEvent[],
  leaves: readonly Buffer[],
  agreement: Agreement | null,
): Checkpoint {
  const edge = MerkleEdge.of(checkpoint.size, checkpoint.edge);
  let recordedAt = checkpoint.recorded_at;
  for (const leaf of leaves) edge.add(leaf);
  for (const event of events) recordedAt = Math.max(recordedAt, event.recordedAt);
  return {
    position: events.at(-1)?.position ?? checkpoint.position,
    size: edge.size,
    recorded_at: recordedAt,
    edge: edge.toHex(),
    agreement,
  };
}
