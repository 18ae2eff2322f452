import type { GivenUpRoot, LedgerRestored } from '../../domain/ledger';
import { checkNote, signNote, type NoteSigner, type SignedRoot } from './signed-note';

/**
 * Returns the note of a restore: a checkpoint of the events that were left, with a line for each signed root that was
 * given up. The signature covers all of it, so only the holder of the ledger's key can give up what the key once
 * signed.
 */
export function writeRestoreNote(
  there: SignedRoot,
  givenUp: readonly GivenUpRoot[],
  signer: NoteSigner,
): string {
  return signNote(there, givenUp.map(lineOf), [signer]);
}

/**
 * Says in a sentence why a stored restore can't be trusted; `undefined` if the ledger's key signed exactly what it
 * says.
 */
export function faultOfRestore(
  { size, root, given_up, note }: LedgerRestored,
  origin: string,
  verifierKeys: readonly string[],
): string | undefined {
  const checked = checkNote(note, verifierKeys);
  if ('fault' in checked) return `The note of the restore can't be trusted: ${checked.fault}`;
  const { signed } = checked;
  const lines = note.slice(0, note.indexOf('\n\n')).split('\n').slice(3);
  const same =
    signed.origin === origin &&
    signed.size === size &&
    signed.root === root &&
    JSON.stringify(lines) === JSON.stringify(given_up.map(lineOf));
  return same ? undefined : 'The note of the restore and its event say different things.';
}

function lineOf({ size, root }: GivenUpRoot): string {
  return `gave-up ${size} ${Buffer.from(root, 'hex').toString('base64')}`;
}
