import { RefusedError } from '../errors';
import type { Json, JsonObject } from '../events/facts';
import { Decimal, isDecimalText, print, type CentsRounding } from '../money';
import { parseInstant, printInstant } from '../time';

type RetryPolicy = 'bill_first_success' | 'free' | 'bill';
export type IncrementRounding = 'up' | 'half_up' | 'down';
export type ChannelsMode = 'ignore' | 'each' | 'pairs';

/** A tier: what a `per_seconds` costs up to so many charged minutes of the period (inclusive; null = no end). */
export interface Tier {
  readonly up_to_minutes: string | null;
  readonly amount: string;
  readonly flat_amount: string;
}

/** A provider's price: seconds and increments are positive decimal strings, amounts have at most 12 decimals. */
export interface PriceEntry {
  readonly per_seconds: string;
  readonly increment_seconds: string;
  readonly increment_rounding: IncrementRounding;
  readonly minimum_seconds: string;
  readonly channels: ChannelsMode;
  readonly extra_increments: number;
  readonly amount?: string;
  readonly tier_mode?: 'graduated' | 'volume';
  readonly tiers?: readonly Tier[];
}

export interface Surcharges {
  readonly speakers_included?: number;
  readonly per_extra_speaker?: string;
  readonly confidence_threshold?: string;
  readonly low_confidence?: string;
}

/** Prices and rounding from a moment on, complete: every default filled in. */
export interface RateCard {
  readonly rate_card_id: string;
  /** ISO 4217-like: three capital letters. */
  readonly currency: string;
  readonly effective_from: string;
  readonly rounding: CentsRounding;
  readonly retry_after_failure: RetryPolicy;
  readonly surcharges: Surcharges;
  readonly prices: Readonly<Record<string, PriceEntry>>;
}

/** The card that ships (product.md, "From an attempt to money"), as a person would write it. */
export const SHIPPED_CARD: Json = {
  currency: 'TWD',
  effective_from: '1970-01-01T00:00:00Z',
  surcharges: {
    speakers_included: 2,
    per_extra_speaker: '0.10',
    confidence_threshold: '0.8',
    low_confidence: '0.20',
  },
  prices: {
    default: { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 },
    assemblyai: { amount: '0.02', increment_seconds: 60, minimum_seconds: 60 },
  },
};

const DECIMALS = 12;
const CARD_FIELDS = [
  'currency',
  'effective_from',
  'rounding',
  'retry_after_failure',
  'surcharges',
  'prices',
];
const SURCHARGE_FIELDS = [
  'speakers_included',
  'per_extra_speaker',
  'confidence_threshold',
  'low_confidence',
];
const QUANTITY_FIELDS = [
  'per_seconds',
  'increment_seconds',
  'increment_rounding',
  'minimum_seconds',
  'channels',
  'extra_increments',
];
const MAX_TIERS = 100;
const MAX_PRICES = 1000;

/**
 * Reads a rate card and fills in what is left out.
 * @param now where `effective_from` is left out (milliseconds since 1970).
 * @throws RefusedError `invalid_rate_card` with a JSON pointer to the mistake.
 */
export function parseRateCard(raw: Json, now: number, at = ''): Omit<RateCard, 'rate_card_id'> {
  const card = object(raw, at, CARD_FIELDS);
  const currency = card['currency'];
  if (typeof currency !== 'string' || !/^[A-Z]{3}$/.test(currency)) {
    fail(`${at}/currency`, 'currency is required: three capital letters, such as TWD.');
  }
  const from = card['effective_from'] ?? null;
  const instant = from === null ? now : typeof from === 'string' ? parseInstant(from) : undefined;
  if (instant === undefined)
    fail(`${at}/effective_from`, 'effective_from must be RFC 3339 with an offset.');
  const prices = object(card['prices'] ?? null, `${at}/prices`);
  const names = Object.keys(prices);
  if (names.length === 0) fail(`${at}/prices`, 'A card needs at least one price entry.');
  if (names.length > MAX_PRICES) fail(`${at}/prices`, `A card has at most ${MAX_PRICES} entries.`);
  return {
    currency,
    effective_from: printInstant(instant),
    rounding: oneOf(card['rounding'], `${at}/rounding`, ['half_up', 'half_even', 'up', 'down']),
    retry_after_failure: oneOf(card['retry_after_failure'], `${at}/retry_after_failure`, [
      'bill_first_success',
      'free',
      'bill',
    ]),
    surcharges: parseSurcharges(card['surcharges'] ?? {}, `${at}/surcharges`),
    prices: Object.fromEntries(
      names.map((name) => [name, parseEntry(name, prices[name]!, `${at}/prices`)]),
    ),
  };
}

function parseSurcharges(raw: Json, at: string): Surcharges {
  const given = object(raw, at, SURCHARGE_FIELDS);
  const speaker = given['per_extra_speaker'] ?? null;
  const confidence = given['low_confidence'] ?? null;
  return {
    ...(speaker === null
      ? {}
      : {
          speakers_included: whole(
            given['speakers_included'],
            `${at}/speakers_included`,
            0,
            10_000,
            2,
          ),
          per_extra_speaker: amount(speaker, `${at}/per_extra_speaker`),
        }),
    ...(confidence === null
      ? {}
      : {
          confidence_threshold: amount(
            given['confidence_threshold'] ?? '0.8',
            `${at}/confidence_threshold`,
          ),
          low_confidence: amount(confidence, `${at}/low_confidence`),
        }),
  };
}

function parseEntry(name: string, raw: Json, prices: string): PriceEntry {
  const at = `${prices}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
  if (!/^[a-z0-9._-]{1,64}$/.test(name))
    fail(at, 'The name of an entry is a provider in lower case, or "default".');
  const entry = object(raw, at, [...QUANTITY_FIELDS, 'amount', 'tier_mode', 'tiers']);
  const quantity = {
    per_seconds: seconds(entry['per_seconds'], `${at}/per_seconds`, '60', true),
    increment_seconds: seconds(entry['increment_seconds'], `${at}/increment_seconds`, '1', true),
    increment_rounding: oneOf<IncrementRounding>(
      entry['increment_rounding'],
      `${at}/increment_rounding`,
      ['up', 'half_up', 'down'],
    ),
    minimum_seconds: seconds(entry['minimum_seconds'], `${at}/minimum_seconds`, '0', false),
    channels: oneOf<ChannelsMode>(entry['channels'], `${at}/channels`, ['ignore', 'each', 'pairs']),
    extra_increments: whole(entry['extra_increments'], `${at}/extra_increments`, 0, 1000, 0),
  };
  const single = entry['amount'] ?? null;
  const tiers = entry['tiers'] ?? null;
  if ((single === null) === (tiers === null))
    fail(at, 'An entry has either an amount or tiers: one of the two.');
  if (single !== null) {
    if ((entry['tier_mode'] ?? null) !== null)
      fail(`${at}/tier_mode`, 'tier_mode goes with tiers.');
    return { ...quantity, amount: amount(single, `${at}/amount`) };
  }
  return {
    ...quantity,
    tier_mode: oneOf<'graduated' | 'volume'>(entry['tier_mode'], `${at}/tier_mode`, [
      'graduated',
      'volume',
    ]),
    tiers: parseTiers(tiers, `${at}/tiers`),
  };
}

function parseTiers(raw: Json, at: string): Tier[] {
  if (!Array.isArray(raw) || raw.length === 0 || raw.length > MAX_TIERS) {
    fail(at, `tiers must be a list of 1 to ${MAX_TIERS} tiers.`);
  }
  let bound = new Decimal(0);
  return (raw as Json[]).map((value, index) => {
    const here = `${at}/${index}`;
    const tier = object(value, here, ['up_to_minutes', 'amount', 'flat_amount']);
    const upTo = tier['up_to_minutes'] ?? null;
    const last = index === (raw as Json[]).length - 1;
    if (last !== (upTo === null)) {
      fail(`${here}/up_to_minutes`, 'The last tier, and only it, has no upper bound (null).');
    }
    if (upTo !== null) {
      const next = new Decimal(amount(upTo, `${here}/up_to_minutes`));
      if (!next.gt(bound))
        fail(
          `${here}/up_to_minutes`,
          'Tiers must ascend: each upper bound lies above the one before.',
        );
      bound = next;
    }
    return {
      up_to_minutes: upTo === null ? null : print(bound),
      amount: amount(tier['amount'] ?? null, `${here}/amount`),
      flat_amount: amount(tier['flat_amount'] ?? '0', `${here}/flat_amount`),
    };
  });
}

function seconds(raw: Json | undefined, at: string, standard: string, positive: boolean): string {
  const text = amount(raw ?? standard, at);
  if (positive && text === '0') fail(at, 'Must be more than 0 seconds.');
  return text;
}

function amount(raw: Json, at: string): string {
  const text = typeof raw === 'number' ? String(raw) : raw;
  if (typeof text !== 'string' || !isDecimalText(text, DECIMALS)) {
    fail(
      at,
      `Must be a decimal such as "0.03": not negative, at most ${DECIMALS} decimals and 15 digits before them.`,
    );
  }
  return print(new Decimal(text));
}

function whole(
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
  return value;
}

/** One of the words; the first is what is meant when nothing is said. */
function oneOf<T extends string>(raw: Json | undefined, at: string, words: readonly T[]): T {
  const value = raw ?? words[0]!;
  if (!words.includes(value as T)) fail(at, `Must be one of ${words.join(', ')}.`);
  return value as T;
}

function object(raw: Json, at: string, fields?: readonly string[]): JsonObject {
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw))
    fail(at, 'Must be a JSON object.');
  const value = raw as JsonObject;
  const unknown = fields && Object.keys(value).find((name) => !fields.includes(name));
  if (unknown !== undefined)
    fail(`${at}/${unknown}`, `No such field: there are ${fields!.join(', ')}.`);
  return value;
}

function fail(pointer: string, detail: string): never {
  throw new RefusedError({ code: 'invalid_rate_card', detail, pointer });
}
