import { constant, Decimal, ONE } from '../money';
import type { Surcharges } from './price-entry';

/** What surcharges depend on; null if no fact says. */
export interface Surcharged {
  readonly speakerCount: number | null;
  readonly confidenceScore: number | null;
}

/** Returns the factor for everything that is charged per second (docs/reference/rules.md#rate-7). */
export function surchargeFactor(surcharges: Surcharges, input: Surcharged): Decimal {
  let factor: Decimal = ONE;
  if (surcharges.per_extra_speaker !== undefined && input.speakerCount !== null) {
    const extra = Math.max(0, input.speakerCount - surcharges.speakers_included!);
    factor = factor.times(ONE.plus(constant(surcharges.per_extra_speaker).times(extra)));
  }
  if (surcharges.low_confidence !== undefined && input.confidenceScore !== null) {
    if (new Decimal(input.confidenceScore).lt(constant(surcharges.confidence_threshold!))) {
      factor = factor.times(ONE.plus(constant(surcharges.low_confidence)));
    }
  }
  return factor;
}
