import { BundleCheck, type Report } from './check-bundle';
import { noBundle } from './no-bundle';
import { DoesNotFollow } from './problem';
import type { WitnessChoice } from './witnesses';

/**
 * Checks a bundle line by line.
 * @param givenKey the ledger's verifier key, from a source that the checking person trusts.
 * @param witnesses the witnesses whose cosignatures are required; none if left out.
 * @throws what reading a line throws, except {@link DoesNotFollow}.
 */
export async function checkLines(
  lines: AsyncIterable<string>,
  givenKey: string | undefined,
  witnesses?: WitnessChoice,
): Promise<Report> {
  const check = new BundleCheck(givenKey, witnesses);
  let number = 0;
  try {
    for await (const line of lines) {
      number += 1;
      if (!check.take(number, line)) return check.report();
    }
  } catch (error) {
    if (!(error instanceof DoesNotFollow)) throw error;
    check.broken(error.text, number + 1);
    return check.report();
  }
  if (number === 0) check.broken(noBundle(': the file is empty'), null);
  return check.report();
}
