import { rootAt } from '../domain/merkle-proofs';
import { checkNote } from '../proofs/signed-root/signed-note';
import type { Pace } from '../projections/pace';
import type { RootArchive } from '../proofs/signed-root/root-archive';
import type { SignedHead } from '../security/signed-head';
import type { Log } from './damage';
import type { Faults } from './faults';
import { counted } from '../lib/counted';

/** How many roots are checked before a rest. */
const ROOTS_AT_ONCE = 50;

/** A root that a key signed. */
export interface Anchor {
  readonly size: number;
  /** Lower-case hex. */
  readonly root: string;
}

/** Returns all kept roots that can be trusted, by ascending size. Reports the others as faults. */
export async function readAnchors(
  roots: Pick<RootArchive, 'all'>,
  verifierKeys: readonly string[],
  origin: string,
  faults: Faults,
  pace: Pace,
): Promise<Anchor[]> {
  const anchors: Anchor[] = [];
  let number = 0;
  for await (const { size, note } of roots.all()) {
    if (number > 0 && number % ROOTS_AT_ONCE === 0) await pace.rest();
    number += 1;
    const checked = checkNote(note, verifierKeys);
    const said = (why: string) =>
      faults.add('signed_root', `The kept root of ${counted(size, 'event')}: ${why}`);
    if ('fault' in checked) said(checked.fault);
    else if (checked.signed.origin !== origin) {
      said(`it belongs to another ledger, ${checked.signed.origin}; this one is ${origin}.`);
    } else if (checked.signed.size !== size) {
      said(`it is signed for ${counted(checked.signed.size, 'event')}.`);
    } else anchors.push({ size, root: checked.signed.root });
  }
  return anchors;
}

/** Adds the signed head to the kept roots: it was signed too, though its note may be gone. */
export function withHead(kept: readonly Anchor[], head: SignedHead | undefined): readonly Anchor[] {
  const isKept = kept.some(({ size, root }) => size === head?.size && root === head.root);
  if (head === undefined || isKept) return kept;
  return [...kept, head].sort((a, b) => a.size - b.size);
}

/** Whether a log begins with the events of a signed root. */
export async function holds(log: Log, { size, root }: Anchor): Promise<boolean> {
  return size <= log.size && (await rootAt(size, log.tiles)).toString('hex') === root;
}

/** Whether a log's first `size` events have this root, and precede an index. What an event says may be anything. */
export async function isRootBefore(index: number, said: Anchor, log: Log): Promise<boolean> {
  const { size } = said;
  return Number.isSafeInteger(size) && size >= 1 && size <= index && holds(log, said);
}

/** Returns the greatest size up to which a log is what was signed; 0 if no root holds. */
export async function provenSize(log: Log, anchors: readonly Anchor[]): Promise<number> {
  for (const anchor of anchors.toReversed()) if (await holds(log, anchor)) return anchor.size;
  return 0;
}
