import { Decimal as Base } from 'decimal.js';

import { cached } from './cached';

/**
 * Exact decimal arithmetic on a private clone. With 120 significant digits, no intermediate product or sum of bounded
 * inputs is ever rounded. It never prints an exponent.
 */
export const Decimal = Base.clone({
  precision: 120,
  rounding: Base.ROUND_HALF_EVEN,
  toExpNeg: -1000,
  toExpPos: 1000,
});
export type Decimal = Base;
export type Rounding = Base.Rounding;

export const ZERO = new Decimal(0);
export const ONE = new Decimal(1);
const HUNDRED = new Decimal(100);
export const SIXTY = new Decimal(60);

/** A currency code: three capital letters, such as TWD. */
export const CURRENCY = /^[A-Z]{3}$/;

/** How a running total may be rounded to whole cents. `up` is away from zero, `down` towards it. */
export const CENTS_ROUNDINGS = ['half_up', 'half_even', 'up', 'down'] as const;
export type CentsRounding = (typeof CENTS_ROUNDINGS)[number];

const CENTS_MODES: Record<CentsRounding, Base.Rounding> = {
  half_up: Base.ROUND_HALF_UP,
  half_even: Base.ROUND_HALF_EVEN,
  up: Base.ROUND_UP,
  down: Base.ROUND_DOWN,
};

/** How many numbers of cards and plans are cached as decimals. There are few of them, and every log needs some. */
const KEPT_CONSTANTS = 1_000;
const constants = new Map<string, Decimal>();

/** Parses a text that occurs again and again, such as a price, an increment or a bound. Cached. */
export function constant(text: string): Decimal {
  return constants.get(text) ?? cached(constants, KEPT_CONSTANTS, text, new Decimal(text));
}

/** Adds two decimals. One of them is often 0, so that case computes nothing. */
export function add(a: Decimal, b: Decimal): Decimal {
  if (b.isZero()) return a;
  return a.isZero() ? b : a.plus(b);
}

/** Prints a decimal as it is sent and stored: no exponent, no trailing zeros, never `-0`. */
export function print(value: Decimal): string {
  return value.isZero() ? '0' : value.toFixed();
}

/** Returns the cost of a log: numerator / denominator, divided once and rounded half-even to 12 decimals. */
export function divideToCost(numerator: Decimal, denominator: Decimal): Decimal {
  return numerator.div(denominator).toDecimalPlaces(12, Base.ROUND_HALF_EVEN);
}

/**
 * Rounds an exact total of cost to whole cents (hundredths of the currency). Bills use `centsOf` of `pico.ts`; a
 * property test holds the two equal.
 * @throws RangeError from 2^53 cents on, where a JSON number is no longer exact. No statement comes near it, because a
 * bound on cards limits the cost of a log (`rating/highest-cost.ts`).
 */
export function toCents(total: Decimal, rounding: CentsRounding): number {
  const cents = total.times(HUNDRED).toDecimalPlaces(0, CENTS_MODES[rounding]).toNumber();
  if (Number.isSafeInteger(cents)) return cents;
  throw new RangeError(
    `A total of ${print(total)} is more cents than a JSON number can hold exactly.`,
  );
}

/** Converts billed seconds to billable minutes: divided by 60, rounded half-even to 6 decimals. */
export function toMinutes(seconds: Decimal): string {
  return print(seconds.div(SIXTY).toDecimalPlaces(6, Base.ROUND_HALF_EVEN));
}

/**
 * Returns whether a text is a decimal without sign or exponent, with at most `decimals` decimals and 15 digits before
 * the point.
 */
export function isDecimalText(text: string, decimals: number): boolean {
  const match = /^(0|[1-9][0-9]{0,14})(?:\.([0-9]+))?$/.exec(text);
  return match !== null && (match[2]?.length ?? 0) <= decimals;
}
