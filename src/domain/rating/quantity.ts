import { constant, Decimal, ONE, ZERO, type Rounding } from '../money';
import type { ChannelsMode, IncrementRounding, PriceEntry } from './price-entry';

const MODES: Record<IncrementRounding, Rounding> = {
  up: Decimal.ROUND_UP,
  half_up: Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_DOWN,
};

/** Returns how many times a recording's seconds count. `pairs` rounds an odd number of channels up to even. */
export function channelsFactor(mode: ChannelsMode, channels: number): number {
  if (mode === 'ignore') return 1;
  return mode === 'each' ? channels : Math.ceil(channels / 2);
}

/**
 * Returns the billed seconds of a duration in seconds (docs/reference/rules.md#rate-1): raised to the minimum, rounded
 * to whole increments (never below the minimum), plus the extra increments, times the channels. 0 seconds bill 0.
 */
export function billedSeconds(entry: PriceEntry, duration: Decimal, channels: number): Decimal {
  if (duration.isZero()) return ZERO;
  const increment = constant(entry.increment_seconds);
  const minimum = constant(entry.minimum_seconds);
  const raised = duration.lt(minimum) ? minimum : duration;
  const whole = increment.eq(ONE)
    ? raised.toDecimalPlaces(0, MODES[entry.increment_rounding])
    : raised.div(increment).toDecimalPlaces(0, MODES[entry.increment_rounding]).times(increment);
  const raisedAgain = whole.lt(minimum) ? minimum : whole;
  const { extra_increments: extra } = entry;
  const factor = channelsFactor(entry.channels, channels);
  const each = extra === 0 ? raisedAgain : raisedAgain.plus(increment.times(extra));
  return factor === 1 ? each : each.times(factor);
}
