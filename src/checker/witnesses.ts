import { isContinued } from './merkle';
import { DoesNotFollow, type Problems } from './problem';
import type { Header } from './header';
import { cosignedAt, readCheckpoint, readVerifierKey, readWitnessKey } from './signed-note';
import type { Checkpoint, VerifierKey } from './signed-note';

/** The witnesses whose cosignatures are looked for. */
export interface WitnessChoice {
  /** Verifier keys, from a source that the checking person trusts. */
  readonly keys: readonly string[];
  /** How many of the witnesses must have signed; null = all. */
  readonly required: number | null;
}

/**
 * The newest root that a witness cosigned: how many events it covers, and when it was signed, by the witness's clock.
 */
interface WitnessView {
  readonly name: string;
  readonly size: number;
  readonly at: string;
}

/** Which of the given witnesses cosigned roots that belong to the same history as the bundle's. */
export interface WitnessReport {
  readonly given: number;
  readonly required: number;
  /** Witnesses that cosigned all events of the bundle. */
  readonly signed: readonly WitnessView[];
  /**
   * Witnesses that cosigned only a part of the events, from the first on: later events may differ from what they saw.
   */
  readonly behind: readonly WitnessView[];
  /** The names of witnesses that cosigned nothing. */
  readonly missing: readonly string[];
}

/**
 * Checks the cosigned roots in a header: each must belong to the same history as the bundle's root. A witness that did
 * not cosign may have refused, because it was shown another history.
 * @param believed keys of the ledger.
 */
export function checkWitnesses(
  header: Header,
  believed: readonly string[],
  { keys, required }: WitnessChoice,
  problems: Problems,
): WitnessReport {
  const good = header.witnessed.filter(({ checkpoint, proof }) => {
    try {
      checkHistory(header, readBelieved(checkpoint, believed), proof);
      return true;
    } catch (error) {
      report(error, problems);
      return false;
    }
  });
  const signed: WitnessView[] = [];
  const behind: WitnessView[] = [];
  const missing: string[] = [];
  for (const witness of keys.map(readWitnessKey)) {
    const newest = newestBy(witness, good, problems);
    if (newest === undefined) missing.push(witness.name);
    else (newest.size < header.size ? behind : signed).push({ name: witness.name, ...newest });
  }
  const needed = required ?? keys.length;
  if (signed.length < needed) {
    const others = [
      ...behind.map(({ name, size }) => `${name} cosigned only the first ${size}`),
      ...missing.map((name) => `${name} cosigned nothing`),
    ];
    problems.add(
      `${signed.length} of ${keys.length} witnesses cosigned these ${header.size} events, and ${needed} must have: ${others.join(', ')}. A witness that was shown another history of the ledger refuses this one.`,
    );
  }
  return { given: keys.length, required: needed, signed, behind, missing };
}

/** Reads a checkpoint that one of the ledger's keys signed. */
function readBelieved(note: string, believed: readonly string[]): Checkpoint {
  let fault: unknown;
  for (const key of believed) {
    try {
      return readCheckpoint(note, readVerifierKey(key));
    } catch (error) {
      fault ??= error;
    }
  }
  throw fault;
}

function checkHistory(
  { size, root, ledgerId }: Header,
  seen: Checkpoint,
  proof: readonly Buffer[],
): void {
  if (seen.origin !== `minutebook/${ledgerId}`) {
    throw new DoesNotFollow(
      `A witnessed root belongs to the log ${seen.origin}, not to this bundle's ledger.`,
    );
  }
  const [first, second] = [seen, { size, root }].sort((a, b) => a.size - b.size) as [
    { readonly size: number; readonly root: string },
    { readonly size: number; readonly root: string },
  ];
  const holds =
    first.size > 0 && isContinued([first.size, first.root], [second.size, second.root], proof);
  if (holds) return;
  throw new DoesNotFollow(
    `Witnesses cosigned ${seen.size} events with the root ${seen.root}, and nothing shows that this bundle's ${size} events belong to the same history. If they do not, the ledger's key signed two histories.`,
  );
}

function newestBy(
  witness: VerifierKey,
  roots: Header['witnessed'],
  problems: Problems,
): { readonly size: number; readonly at: string } | undefined {
  let newest: { readonly size: number; readonly at: string } | undefined;
  for (const { checkpoint } of roots) {
    const size = Number(checkpoint.split('\n')[1]);
    try {
      const seconds = cosignedAt(checkpoint, witness);
      if (seconds === null || size < (newest?.size ?? 0)) continue;
      newest = { size, at: new Date(seconds * 1_000).toISOString() };
    } catch (error) {
      report(error, problems);
    }
  }
  return newest;
}

function report(error: unknown, problems: Problems): void {
  if (!(error instanceof DoesNotFollow)) throw error;
  problems.add(error.text, 1);
}
