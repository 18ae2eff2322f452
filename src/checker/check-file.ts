import { BundleCheck, type Report } from './check-bundle';
import { DoesNotFollow } from './problem';
import type { WitnessChoice } from './witnesses';
import { readLines } from './read-lines';

/**
 * Checks a bundle in a file, read once from its beginning to its end.
 * @param givenKey the ledger's verifier key, from a place that the checking person trusts.
 * @param witnesses whose cosignatures must be there; left out, nobody's.
 * @throws system errors if the file can't be read.
 */
export async function checkFile(
  path: string,
  givenKey: string | undefined,
  witnesses?: WitnessChoice,
): Promise<Report> {
  const check = new BundleCheck(givenKey, witnesses);
  let number = 0;
  try {
    for await (const line of readLines(path)) {
      number += 1;
      if (!check.take(number, line)) return check.report();
    }
  } catch (error) {
    if (!(error instanceof DoesNotFollow)) throw error;
    check.broken(error.text, number + 1);
  }
  if (number === 0) check.broken('This is no bundle: the file is empty.', null);
  return check.report();
}
