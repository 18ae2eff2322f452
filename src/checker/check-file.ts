import type { Report } from './check-bundle';
import { checkLines } from './check-lines';
import { readLines } from './read-lines';
import type { WitnessChoice } from './witnesses';

/**
 * Checks a bundle in a file, which it reads once from start to end.
 * @param givenKey the ledger's verifier key, from a source that the checking person trusts.
 * @param witnesses the witnesses whose cosignatures are required; none if left out.
 * @throws system errors if the file can't be read.
 */
export function checkFile(
  path: string,
  givenKey: string | undefined,
  witnesses?: WitnessChoice,
): Promise<Report> {
  return checkLines(readLines(path), givenKey, witnesses);
}
