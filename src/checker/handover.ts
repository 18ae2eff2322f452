import { DoesNotFollow } from './problem';
import { readCheckpoint, readVerifierKey } from './signed-note';

/** The verifier keys of a ledger's key and of its successor. */
interface Handover {
  readonly from: string;
  readonly to: string;
}

const LINES = /^[^\n]+\n[0-9]+\n[^\n]+\nold-key (\S+)\nnew-key (\S+)\n\n/;

/**
 * Reads the note in which one key names the next: a checkpoint with two more lines, signed by both keys.
 * @throws DoesNotFollow if it is not such a note, or if one of the keys did not sign it.
 */
export function readHandover(note: string): Handover {
  const [, from, to] = LINES.exec(note) ?? [];
  if (from === undefined || to === undefined) {
    throw new DoesNotFollow('A handover in the header does not name an old and a new key.');
  }
  const names = [from, to].map((key) => {
    const verifierKey = readVerifierKey(key);
    readCheckpoint(note, verifierKey);
    return verifierKey.name;
  });
  if (names[0] !== names[1])
    throw new DoesNotFollow('A handover names keys of two different ledgers.');
  return { from, to };
}

/** Returns a key and its successors, each named by the one before. */
export function keysFrom(key: string, handovers: readonly Handover[]): string[] {
  const chain = [key];
  for (;;) {
    const next = handovers.find(({ from }) => from === chain.at(-1))?.to;
    if (next === undefined || chain.includes(next)) return chain;
    chain.push(next);
  }
}

/** Returns all keys that handovers link to a key: its predecessors, itself, and its successors. */
export function linkedKeys(key: string, handovers: readonly Handover[]): string[] {
  const linked = new Set([key]);
  for (let known = 0; known < linked.size;) {
    known = linked.size;
    for (const { from, to } of handovers) {
      if (linked.has(from)) linked.add(to);
      else if (linked.has(to)) linked.add(from);
    }
  }
  return [...linked];
}
