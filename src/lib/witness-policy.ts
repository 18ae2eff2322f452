import { readFileSync } from 'node:fs';

import { readCosignerKey } from './cosigner-key';

/** A witness: a party that signs that the ledger only ever grew. */
export interface Witness {
  /** What the list calls it. */
  readonly label: string;
  /** Its verifier key, checked. */
  readonly key: string;
  /** The prefix of its URL, without a slash at the end; `null` if only its key is given. */
  readonly url: string | null;
}

const MOST_BYTES = 65_536;
const MOST_WITNESSES = 32;
const FORM = 'witness NAME KEY [URL]';

/**
 * Reads a list of witnesses: the `witness` lines of a trust policy (c2sp.org/tlog-policy). `log` lines are skipped;
 * groups and quorums are refused, not ignored.
 * @throws Error with a sentence that names the line.
 */
export function readWitnessPolicy(text: string): Witness[] {
  const witnesses: Witness[] = [];
  for (const [at, line] of text.split('\n').entries()) {
    const [kind, ...words] = line.trim().split(/[ \t\r]+/);
    if (kind === '' || kind!.startsWith('#') || kind === 'log') continue;
    const [label, key, url, ...rest] = words;
    if (kind !== 'witness' || label === undefined || key === undefined || rest.length > 0) {
      throw new Error(
        `Line ${at + 1} is not of the form ${FORM}. Groups and quorums are not read.`,
      );
    }
    witnesses.push({ label, key: checked(key, at + 1), url: url?.replace(/\/+$/, '') ?? null });
  }
  checkOnce(witnesses);
  return witnesses;
}

/** @throws Error as {@link readWitnessPolicy}, and if the file can't be read. */
export function readWitnessFile(path: string): Witness[] {
  const bytes = readFileSync(path);
  if (bytes.length > MOST_BYTES) throw new Error(`It has more than ${MOST_BYTES} bytes.`);
  return readWitnessPolicy(bytes.toString('utf8').replace(/^\uFEFF/, ''));
}

function checked(key: string, line: number): string {
  try {
    readCosignerKey(key);
    return key;
  } catch (error) {
    throw new Error(`Line ${line}: ${(error as Error).message}`, { cause: error });
  }
}

/** Refuses too many witnesses, and the same key under two names: it would count twice. */
function checkOnce(witnesses: readonly Witness[]): void {
  if (witnesses.length > MOST_WITNESSES) {
    throw new Error(`It has ${witnesses.length} witnesses; at most ${MOST_WITNESSES} are allowed.`);
  }
  const keys = witnesses.map(({ key }) => key.split('+').slice(2).join('+'));
  const twice = keys.findIndex((key, at) => keys.indexOf(key) !== at);
  if (twice !== -1) throw new Error(`${witnesses[twice]!.label} has the key of another witness.`);
}
