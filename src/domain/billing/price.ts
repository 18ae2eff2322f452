import { constant, Decimal } from '../money';
import { divideHalfEven, pico, PICOS, type Pico } from '../pico';
import { channelsFactor } from '../rating/quantity';
import type { PriceEntry } from '../rating/price-entry';
import type { RateCard } from '../rating/rate-card';
import type { Surcharged } from '../rating/surcharge';

/** A tier: its price up to a number of charged seconds (inclusive; `undefined` = no end). */
export interface PicoTier {
  readonly upTo: Pico | undefined;
  readonly amount: Pico;
  readonly flat: Pico;
}

/** A card's price entry in whole multiples of 10^-12, computed once for all logs. */
export interface Price {
  readonly card: RateCard;
  readonly name: string;
  readonly entry: PriceEntry;
  readonly mode: 'flat' | 'graduated' | 'volume';
  /** The amount of a price without tiers. */
  readonly amount: Pico;
  readonly tiers: readonly PicoTier[];
  readonly perSeconds: Pico;
}

const known = new WeakMap<RateCard, Map<string, Price>>();

/** Returns a card's price entry by name. The card must have it. */
export function priceOf(card: RateCard, name: string): Price {
  let prices = known.get(card);
  if (prices === undefined) known.set(card, (prices = new Map<string, Price>()));
  let price = prices.get(name);
  if (price === undefined) prices.set(name, (price = read(card, name)));
  return price;
}

function read(card: RateCard, name: string): Price {
  const entry = card.prices[name]!;
  return {
    card,
    name,
    entry,
    mode: entry.tiers === undefined ? 'flat' : entry.tier_mode!,
    amount: entry.amount === undefined ? 0n : pico(entry.amount),
    tiers: (entry.tiers ?? []).map((tier) => ({
      upTo: tier.up_to_minutes === null ? undefined : pico(tier.up_to_minutes) * 60n,
      amount: pico(tier.amount),
      flat: pico(tier.flat_amount),
    })),
    perSeconds: pico(entry.per_seconds),
  };
}

/**
 * Returns the index of the tier that a number of charged seconds falls in. An upper bound belongs to the lower tier.
 */
export function tierOf({ tiers }: Price, seconds: Pico): number {
  return tiers.findIndex(({ upTo }) => upTo === undefined || seconds <= upTo);
}

/** Computes step 1 of rating in whole multiples of 10^-12. `rating/quantity.ts` is the reference. */
export function billedPicos(entry: PriceEntry, duration: Pico, channels: number): Pico {
  if (duration === 0n) return 0n;
  const increment = pico(entry.increment_seconds);
  const minimum = pico(entry.minimum_seconds);
  const raised = duration < minimum ? minimum : duration;
  const whole = increments(raised, increment, entry.increment_rounding) * increment;
  const each = (whole < minimum ? minimum : whole) + increment * BigInt(entry.extra_increments);
  const factor = channelsFactor(entry.channels, channels);
  return factor === 1 ? each : each * BigInt(factor);
}

function increments(
  seconds: Pico,
  increment: Pico,
  rounding: PriceEntry['increment_rounding'],
): bigint {
  switch (rounding) {
    case 'down':
      return seconds / increment;
    case 'up':
      return (seconds + increment - 1n) / increment;
    case 'half_up':
      return (seconds * 2n + increment) / (increment * 2n);
  }
}

/**
 * Returns the factor for what is charged per second, in multiples of {@link FACTOR_ONE}. `rating/surcharge.ts` is the
 * reference.
 */
export function factorOf({ surcharges }: RateCard, input: Surcharged): bigint {
  let factor = FACTOR_ONE;
  if (surcharges.per_extra_speaker !== undefined && input.speakerCount !== null) {
    const extra = input.speakerCount - surcharges.speakers_included!;
    if (extra > 0) {
      factor = (factor / PICOS) * (PICOS + pico(surcharges.per_extra_speaker) * BigInt(extra));
    }
  }
  const { confidenceScore } = input;
  if (surcharges.low_confidence !== undefined && confidenceScore !== null) {
    if (isBelow(confidenceScore, surcharges.confidence_threshold!)) {
      factor = (factor * (PICOS + pico(surcharges.low_confidence))) / PICOS;
    }
  }
  return factor;
}

const FACTOR_ONE = PICOS * PICOS;

/**
 * Compares a share from 0 to 1 with a threshold. As JavaScript prints it, the share may have an exponent, and more
 * decimals than a card's threshold.
 */
function isBelow(score: number, threshold: string): boolean {
  return new Decimal(score).lt(constant(threshold));
}

/**
 * Computes steps 4 to 6: (sum of charged × amount) × factor / per_seconds + flat, divided once and rounded half-even.
 * @param products seconds × amount, in multiples of 10^-24.
 */
export function costOf(products: bigint, flat: Pico, factor: bigint, perSeconds: Pico): Pico {
  if (factor === FACTOR_ONE) return divideHalfEven(products + flat * perSeconds, perSeconds);
  const denominator = perSeconds * FACTOR_ONE;
  return divideHalfEven(products * factor + flat * denominator, denominator);
}
