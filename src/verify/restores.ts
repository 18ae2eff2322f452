import type { GivenUpRoot } from '../domain/ledger';
import { faultOfRestore } from '../proofs/signed-root/restore-note';
import { checkNote } from '../proofs/signed-root/signed-note';
import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { Log } from './damage';
import type { Faults } from './faults';
import { holds, isRootBefore } from './kept-roots';
import type { ScannedRestore } from './scan';
import { counted } from '../lib/counted';

/** A restore that the ledger's key signed, as reports show it. */
export interface RestoreView {
  readonly index: number;
  readonly position: string;
  /** How many events the ledger had when it was restored. */
  readonly size: number;
  /** The signed roots that were given up, by ascending size. */
  readonly given_up: readonly GivenUpRoot[];
  readonly reason: string;
  readonly author: string;
}

/** Checks the ledger's restores: each must be signed and match the events before it. */
export async function checkRestores(
  restores: readonly ScannedRestore[],
  found: Log,
  { origin, verifierKeys }: { readonly origin: string; readonly verifierKeys: readonly string[] },
  faults: Faults,
): Promise<RestoreView[]> {
  const shown: RestoreView[] = [];
  for (const restore of restores) {
    const { index, position, size, root, given_up, reason, author } = restore;
    const unsigned = faultOfRestore(restore, origin, verifierKeys);
    const right = await isRootBefore(index, { size, root }, found);
    const fault =
      unsigned ??
      (right
        ? undefined
        : `It covers ${counted(size, 'event')} with the root ${root}, which are not in this ledger.`);
    if (fault === undefined) {
      shown.push({ index, position: String(position), size, given_up, reason, author });
    } else faults.add('signed_root', `Restore at index ${index}: ${fault}`, { index, position });
  }
  return shown;
}

/** Whether one of the restores gave up this root. */
export function isGivenUp({ size, root }: GivenUpRoot, restores: readonly RestoreView[]): boolean {
  return restores.some(({ given_up }) =>
    given_up.some((one) => one.size === size && one.root === root),
  );
}

/** Whether one of the restores gave up the root that a trusted key signed in this note. */
export function signsGivenUp(
  note: string,
  verifierKeys: readonly string[],
  restores: readonly RestoreView[],
): boolean {
  const checked = checkNote(note, verifierKeys);
  return 'signed' in checked && isGivenUp(checked.signed, restores);
}

/**
 * Reports each root that was set aside, if no trusted key signed it, or if no restore gives it up and its events are
 * gone.
 */
export async function checkSetAside(
  roots: Pick<RootArchive, 'givenUp'>,
  { found, verifierKeys }: { readonly found: Log; readonly verifierKeys: readonly string[] },
  restores: readonly RestoreView[],
  faults: Faults,
): Promise<void> {
  for (const { size, note } of await roots.givenUp()) {
    const checked = checkNote(note, verifierKeys);
    const isRight =
      'signed' in checked &&
      (isGivenUp(checked.signed, restores) || (await holds(found, checked.signed)));
    if (isRight) continue;
    faults.add(
      'signed_root',
      `A root of ${counted(size, 'event')} was set aside as given up, but no restore in the ledger gives it up. If the ledger was restored once more from an older backup, accept-restore gives it up again.`,
    );
  }
}
