import type { Report } from './check-bundle';
import { checkLines } from './check-lines';
import { readLines } from './read-lines';
import type { WitnessChoice } from './witnesses';

/**
 * Checks a bundle in a file, read once from its beginning to its end.
 * @param givenKey the ledger's verifier key, from a place that the checking person trusts.
 * @param witnesses whose cosignatures must be there; left out, nobody's.
 * @throws system errors if the file can't be read.
 */
export function checkFile(
  path: string,
  givenKey: string | undefined,
  witnesses?: WitnessChoice,
): Promise<Report> {
  return checkLines(readLines(path), givenKey, witnesses);
}
