import type { Members } from './json';
import { readHash } from './header';
import { DoesNotFollow } from './problem';
import { readCheckpoint, readVerifierKey } from './signed-note';

/** A restore of the ledger from a backup, which gave up roots signed before. */
export interface Restored {
  readonly index: number;
  readonly line: number;
  /** How many events were left, and their root. */
  readonly size: number;
  readonly root: string;
  /** The signed note of the restore, and the lines that it must hold after the checkpoint. */
  readonly note: string;
  readonly lines: readonly string[];
  /** The sizes of the roots that were given up. */
  readonly givenUp: readonly number[];
  readonly reason: string;
  readonly author: string;
}

/** Reads the event `ledger.restored`. @throws DoesNotFollow if it does not have that event's form. */
export function readRestored(index: number, line: number, data: Members): Restored {
  const size = data.whole('size', 1);
  if (size > index) {
    throw new DoesNotFollow(`The restore names ${size} events, but only ${index} are before it.`);
  }
  const given = data.objects('given_up');
  return {
    index,
    line,
    size,
    root: readHash(data, 'root'),
    note: data.text('note'),
    lines: given.map((one) => {
      const base64 = Buffer.from(readHash(one, 'root'), 'hex').toString('base64');
      return `gave-up ${one.whole('size', 0)} ${base64}`;
    }),
    givenUp: given.map((one) => one.whole('size', 0)),
    reason: data.text('reason'),
    author: data.text('author'),
  };
}

/**
 * Checks that one of the ledger's keys signed a restore.
 * @param keys trusted verifier keys.
 * @throws DoesNotFollow if none did, or if the note and the event differ.
 */
export function checkRestored(
  { size, root, note, lines }: Restored,
  ledgerId: string,
  keys: readonly string[],
): void {
  const signed = keys.some((key) => {
    try {
      const checkpoint = readCheckpoint(note, readVerifierKey(key));
      return (
        checkpoint.origin === `minutebook/${ledgerId}` &&
        checkpoint.size === size &&
        checkpoint.root === root
      );
    } catch (error) {
      if (error instanceof DoesNotFollow) return false;
      throw error;
    }
  });
  const said = note.slice(0, note.indexOf('\n\n')).split('\n').slice(3);
  if (signed && JSON.stringify(said) === JSON.stringify(lines)) return;
  throw new DoesNotFollow('The restore is not signed by a trusted key of the ledger.');
}
