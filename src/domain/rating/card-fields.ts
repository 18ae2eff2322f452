import { RefusedError } from '../errors';
import { MOST_OF_RECORDING } from '../events/bounds';
import type { Json, JsonObject } from '../events/facts';
import { readObject } from '../json-object';
import { CENTS_ROUNDINGS, Decimal, isDecimalText, print } from '../money';

/** The most decimals that a number on a card may have. */
export const DECIMALS = 12;

/** The words that fields of a card may hold. The first is the default. */
export const CARD_WORDS = {
  rounding: CENTS_ROUNDINGS,
  retry_after_failure: ['bill_first_success', 'free', 'bill'],
  increment_rounding: ['up', 'half_up', 'down'],
  channels: ['ignore', 'each', 'pairs'],
  tier_mode: ['graduated', 'volume'],
} as const;

/** A word that a field of {@link CARD_WORDS} may hold. */
export type CardWord<Field extends keyof typeof CARD_WORDS> = (typeof CARD_WORDS)[Field][number];

/** The largest counts that a card may have. */
export const CARD_BOUNDS = {
  prices: 1_000,
  tiers: 100,
  extra_increments: 1_000,
  speakers_included: MOST_OF_RECORDING.speakers,
} as const;

/** A provider's name in lower case, or `default`. */
export const ENTRY_NAME = /^[a-z0-9._-]{1,64}$/;

/** The smallest and largest value that a decimal of a card may have. */
export interface Range {
  readonly least?: string;
  readonly most?: string;
  /** The unit, for messages: "seconds". */
  readonly of?: string;
}

/** No recording is longer than ten hours, so no minimum or increment may be longer either. */
const LONGEST = String(MOST_OF_RECORDING.seconds);

/** The ranges of a card's decimals, by field. Other decimals have none. */
export const CARD_RANGES = {
  per_seconds: { least: '0.001', most: '1000000000', of: 'seconds' },
  increment_seconds: { least: '0.000000000001', most: LONGEST, of: 'seconds' },
  minimum_seconds: { most: LONGEST, of: 'seconds' },
  per_extra_speaker: { most: '100' },
  low_confidence: { most: '100' },
  confidence_threshold: { most: '1' },
} satisfies Readonly<Record<string, Range>>;

/**
 * Reads a decimal of a card, given as a string or a number: not negative, at most 12 decimals and 15 digits before
 * the point.
 * @returns a decimal string without trailing zeros.
 */
export function decimalOf(raw: Json, at: string, { least, most, of = '' }: Range = {}): string {
  const text = typeof raw === 'number' ? String(raw) : raw;
  if (typeof text !== 'string' || !isDecimalText(text, DECIMALS)) {
    fail(
      at,
      `Must be a decimal such as "0.03": not negative, at most ${DECIMALS} decimals, and 15 digits before the point.`,
    );
  }
  const value = new Decimal(text);
  const unit = of === '' ? '' : ` ${of}`;
  if (least !== undefined && value.lt(least)) fail(at, `Must be at least ${least}${unit}.`);
  if (most !== undefined && value.gt(most)) fail(at, `Must be at most ${most}${unit}.`);
  return print(value);
}

export function wholeOf(
  raw: Json | undefined,
  at: string,
  minimum: number,
  maximum: number,
  standard: number,
): number {
  const value = raw ?? standard;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < minimum || value > maximum) {
    fail(at, `Must be a whole number from ${minimum} to ${maximum}.`);
  }
  return value + 0; // -0 becomes 0
}

/** Reads one of `words`. A field that is left out gets the first. */
export function oneOf<T extends string>(raw: Json | undefined, at: string, words: readonly T[]): T {
  const value = raw ?? words[0]!;
  if (!words.includes(value as T)) fail(at, `Must be one of ${words.join(', ')}.`);
  return value as T;
}

/** Reads a JSON object. If `fields` is given, the object may have no others. */
export function objectOf(raw: Json, at: string, fields?: readonly string[]): JsonObject {
  return readObject(raw, at, fields, fail);
}

/** @throws RefusedError always. */
export function fail(pointer: string, detail: string): never {
  throw new RefusedError({ code: 'invalid_rate_card', detail, pointer });
}
