import { checkNote, signNote, verifierKey, type NoteSigner, type SignedRoot } from './signed-note';

/**
 * A handover: the note in which one key of a ledger names the next. It is a checkpoint with two more lines, signed by
 * both keys. The old key says that the new one signs from now on. The new key says that it exists and which key it
 * follows. Anybody who trusts one of them can trust the other.
 */

/** The root of no events (RFC 6962): SHA-256 of the empty string. */
const NOTHING = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

const LINES = /^([^\n]+)\n[0-9]+\n[^\n]+\nold-key ([^\s]+)\nnew-key ([^\s]+)\n\n/;

/** Two consecutive keys of one ledger. */
interface Handover {
  readonly from: string;
  readonly to: string;
}

/** @param at the newest root that was signed before; the root of no events if left out. */
export function writeHandover(
  origin: string,
  old: NoteSigner,
  next: NoteSigner,
  at: Omit<SignedRoot, 'origin'> = { size: 0, root: NOTHING },
): string {
  const lines = [`old-key ${verifierKey(old)}`, `new-key ${verifierKey(next)}`];
  return signNote({ origin, ...at }, lines, [old, next]);
}

/** Reads a handover. Returns `undefined` if the note is not one that both keys signed. */
export function readHandover(note: string): Handover | undefined {
  const [, origin, from, to] = LINES.exec(note) ?? [];
  if (from === undefined || to === undefined) return undefined;
  const ofLedger = [from, to].every((key) => key.startsWith(`${origin}+`));
  const signed = [from, to].every((key) => 'signed' in checkNote(note, [key]));
  return ofLedger && signed ? { from, to } : undefined;
}

/** Returns the given trusted keys, and the newer and older keys that handovers link to them. */
export function trustedThrough(keys: readonly string[], notes: readonly string[]): string[] {
  const handovers = notes.map(readHandover).filter((one) => one !== undefined);
  const trusted = new Set(keys.map((key) => key.trim()));
  for (let known = -1; known < trusted.size;) {
    known = trusted.size;
    for (const { from, to } of handovers) {
      if (trusted.has(from)) trusted.add(to);
      else if (trusted.has(to)) trusted.add(from);
    }
  }
  return [...trusted];
}
