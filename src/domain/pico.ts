import { cached } from './cached';
import type { CentsRounding } from './money';

/**
 * Seconds, amounts and costs as whole multiples of 10^-12. Cards have at most 12 decimals, and costs are rounded to 12,
 * so sums of both are exact without a decimal library. Tests compare this file with `money.ts`.
 */
export type Pico = bigint;

const DECIMALS = 12;
const ZERO_DIGIT = 48;
export const PICOS = 10n ** 12n;
const PICOS_A_CENT = 10n ** 10n;
/** The picoseconds in 10^-6 minutes, the smallest step in which minutes are shown: 60 × 10^12 / 10^6. */
const A_MICROMINUTE = 60n * 10n ** 6n;

/** How many parsed numbers are cached. Durations and prices repeat. */
const KEPT = 10_000;
const read = new Map<string, Pico>();

/** Parses a decimal text, cached. @throws RangeError if it has more than 12 decimals. */
export function pico(text: string): Pico {
  return read.get(text) ?? cached(read, KEPT, text, parsePico(text));
}

/** Parses a decimal text. @throws RangeError if it has more than 12 decimals. */
export function parsePico(text: string): Pico {
  const point = text.indexOf('.');
  if (point < 0) return BigInt(text) * PICOS;
  const decimals = text.slice(point + 1);
  if (decimals.length > DECIMALS) throw new RangeError(`${text} has more than 12 decimals.`);
  return BigInt(text.slice(0, point) + decimals.padEnd(DECIMALS, '0'));
}

/** Prints a decimal string as it is sent and stored: no exponent, no trailing zeros, never `-0`. */
export function printPico(value: Pico): string {
  if (value < 0n) return `-${printPico(-value)}`;
  const whole = value / PICOS;
  const rest = value - whole * PICOS;
  if (rest === 0n) return String(whole);
  const decimals = String(rest).padStart(DECIMALS, '0');
  let end = DECIMALS;
  while (decimals.charCodeAt(end - 1) === ZERO_DIGIT) end -= 1;
  return `${whole}.${decimals.slice(0, end)}`;
}

/** Divides two whole numbers that are not negative, and rounds half-even to a whole number. */
export function divideHalfEven(numerator: bigint, denominator: bigint): bigint {
  const quotient = numerator / denominator;
  const twice = (numerator - quotient * denominator) * 2n;
  if (twice < denominator || (twice === denominator && (quotient & 1n) === 0n)) return quotient;
  return quotient + 1n;
}

/**
 * Rounds an exact total, not negative, to whole cents, as `toCents` of `money.ts` does.
 * @throws RangeError from 2^53 cents on.
 */
export function centsOf(total: Pico, rounding: CentsRounding): number {
  const cents = Number(roundedCents(total, rounding));
  if (Number.isSafeInteger(cents)) return cents;
  throw new RangeError(
    `A total of ${printPico(total)} is more cents than a JSON number can hold exactly.`,
  );
}

function roundedCents(total: Pico, rounding: CentsRounding): bigint {
  switch (rounding) {
    case 'half_up':
      return (total + PICOS_A_CENT / 2n) / PICOS_A_CENT;
    case 'half_even':
      return divideHalfEven(total, PICOS_A_CENT);
    case 'up':
      return (total + PICOS_A_CENT - 1n) / PICOS_A_CENT;
    case 'down':
      return total / PICOS_A_CENT;
  }
}

/** Returns a difference of totals in cents, or `undefined` if it is not a whole number of cents. */
export function wholeCents(difference: Pico): number | undefined {
  return difference % PICOS_A_CENT === 0n ? Number(difference / PICOS_A_CENT) : undefined;
}

/** Converts billed seconds to billable minutes: divided by 60, rounded half-even to 6 decimals. */
export function minutesOf(seconds: Pico): string {
  return printPico(divideHalfEven(seconds, A_MICROMINUTE) * 10n ** 6n);
}
