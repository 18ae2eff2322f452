import { toHex } from './bytes';
import { hashOfLeaf, rootFrom } from './merkle';
import { readCheckpoint, readVerifierKey, type Checkpoint } from './note';
import { t } from '../i18n/language';

/** What the service claims about an event and its position in the tree. */
export interface Claim {
  /** The text whose hash the tree holds. */
  readonly leaf: string;
  readonly index: number;
  readonly size: number;
  readonly path: readonly string[];
}

/** Returns the root that the pinned key vouches for. @throws Error if the key did not sign it. */
export async function vouchedRoot(checkpoint: string, pinnedKey: string): Promise<Checkpoint> {
  return readCheckpoint(checkpoint, await readVerifierKey(pinnedKey));
}

/**
 * Checks that an event is at its index among the events of a vouched root.
 * @returns the event's own hash, in hex.
 * @throws Error that says what does not match.
 */
export async function checkInclusion(
  { leaf, index, size, path }: Claim,
  root: Checkpoint,
): Promise<string> {
  if (size !== root.size)
    throw new Error(
      t('The proof is for size {0}, but the signed root is for {1}.', size, root.size),
    );
  const hash = await hashOfLeaf(leaf);
  const led = await rootFrom(hash, index, size, path);
  if (led !== root.root)
    throw new Error(
      t(
        'The proof leads to a different root from the signed one: this event is not what was signed.',
      ),
    );
  return toHex(hash);
}
