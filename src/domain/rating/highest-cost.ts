import { MOST_OF_RECORDING } from '../events/bounds';
import { Decimal, ZERO } from '../money';
import { fail } from './card-fields';
import { billedSeconds } from './quantity';
import type { PriceEntry, Surcharges } from './price-entry';
import { surchargeFactor } from './surcharge';

/** The most that one log may cost under a card, in units of its currency: 10^14 cents. */
const MAX_LOG_COST = new Decimal(10).pow(12);

const LONGEST_SECONDS = new Decimal(MOST_OF_RECORDING.seconds);

/**
 * Refuses prices under which the most expensive possible recording costs more than `MAX_LOG_COST`. Cents are JSON
 * numbers, exact below 2^53 = 9 × 10^15. So a statement needs more than 90 such recordings (ten hours, 1,000 channels
 * and 10,000 speakers each) to take its running total out of that range, in which case `toCents` throws.
 * @throws RefusedError `invalid_rate_card` with a pointer to the amount.
 */
export function refuseImpossible(entry: PriceEntry, surcharges: Surcharges, at: string): void {
  const billed = billedSeconds(entry, LONGEST_SECONDS, MOST_OF_RECORDING.channels);
  const factor = surchargeFactor(surcharges, {
    speakerCount: MOST_OF_RECORDING.speakers,
    confidenceScore: 0,
  });
  const times = billed.times(factor).div(entry.per_seconds);
  if (entry.amount !== undefined) refuseAbove(times.times(entry.amount), `${at}/amount`);
  let flat: Decimal = ZERO;
  for (const [index, tier] of (entry.tiers ?? []).entries()) {
    refuseAbove(times.times(tier.amount), `${at}/tiers/${index}/amount`);
    flat = flat.plus(tier.flat_amount);
    refuseAbove(flat, `${at}/tiers/${index}/flat_amount`);
  }
}

function refuseAbove(cost: Decimal, at: string): void {
  if (cost.lte(MAX_LOG_COST)) return;
  fail(
    at,
    `With this, the most expensive possible recording (10 hours, 1,000 channels, 10,000 speakers, confidence 0) would cost more than 10^12. Lower it, or what multiplies it (seconds, increments, channels, surcharges).`,
  );
}
