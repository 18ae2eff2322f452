import { constant, Decimal, ONE, ZERO, type Rounding } from '../money';
import type { ChannelsMode, IncrementRounding, PriceEntry } from './price-entry';

const MODES: Record<IncrementRounding, Rounding> = {
  up: Decimal.ROUND_UP,
  half_up: Decimal.ROUND_HALF_UP,
  down: Decimal.ROUND_DOWN,
};

/** How many times a recording's seconds count. For `pairs` an odd number of channels is raised to even. */
export function channelsFactor(mode: ChannelsMode, channels: number): number {
  if (mode === 'ignore') return 1;
  return mode === 'each' ? channels : Math.ceil(channels / 2);
}

/**
 * The seconds that are billed for a duration in seconds (docs/reference/rules.md#rate-1): raised to the minimum, taken to
 * whole increments (never below the minimum), plus the extra increments, times the channels. 0 seconds bill nothing.
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
