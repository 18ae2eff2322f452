import { toHex } from './bytes';
import { hashOfLeaf, rootFrom } from './merkle';
import { readCheckpoint, readVerifierKey, type Checkpoint } from './note';

/** What the service says of an event, and of its place in the tree. */
export interface Claim {
  /** The text whose hash the tree holds. */
  readonly leaf: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}

/** The root that the pinned key vouches for. @throws Error if it does not. */
export async function vouchedRoot(checkpoint: string, pinnedKey: string): Promise<Checkpoint> {
  return readCheckpoint(checkpoint, await readVerifierKey(pinnedKey));
}

/**
 * Checks that an event is at its place among the events of a root that was vouched for.
 * @returns the event's own hash, in hex.
 * @throws Error that says what does not follow.
 */
export async function checkInclusion(
  { leaf, index, size, path }: Claim,
  root: Checkpoint,
): Promise<string> {
  if (size !== root.size)
    throw new Error(`The proof is of ${size} events, the signed root of ${root.size}.`);
  const hash = await hashOfLeaf(leaf);
  const led = await rootFrom(hash, index, size, path);
  if (led !== root.root)
    throw new Error(
      'The proof leads to another root than the signed one: this event is not what was signed.',
    );
  return toHex(hash);
}
