import type { Json } from '../events/facts';
import { CURRENCY, Decimal, print, type CentsRounding } from '../money';
import { pointerTo } from '../pointer';
import { parseInstant, printInstant } from '../time';
import {
  CARD_BOUNDS,
  CARD_RANGES,
  CARD_WORDS,
  decimalOf,
  ENTRY_NAME,
  fail,
  objectOf,
  oneOf,
  wholeOf,
  type CardWord,
} from './card-fields';
import { refuseImpossible } from './highest-cost';
import type { PriceEntry, Surcharges, Tier } from './price-entry';

type RetryPolicy = CardWord<'retry_after_failure'>;

/** Prices and rounding from a moment on, with every default filled in. */
export interface RateCard {
  readonly rate_card_id: string;
  /** Three capital letters, as in ISO 4217. */
  readonly currency: string;
  readonly effective_from: string;
  readonly rounding: CentsRounding;
  readonly retry_after_failure: RetryPolicy;
  readonly surcharges: Surcharges;
  readonly prices: Readonly<Record<string, PriceEntry>>;
}

/** Returns the name of a provider's price entry on a card: the provider's own, else `default`, else `undefined`. */
export function priceEntryName(card: RateCard, provider: string): string | undefined {
  if (Object.hasOwn(card.prices, provider)) return provider;
  return Object.hasOwn(card.prices, 'default') ? 'default' : undefined;
}

/**
 * The card that ships (docs/reference/rate-card.md#the-card-that-ships), in the form in which a person would write it.
 */
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

export const CARD_FIELDS = namesOf<Omit<RateCard, 'rate_card_id'>>({
  currency: true,
  effective_from: true,
  rounding: true,
  retry_after_failure: true,
  surcharges: true,
  prices: true,
});
export const SURCHARGE_FIELDS = namesOf<Surcharges>({
  speakers_included: true,
  per_extra_speaker: true,
  confidence_threshold: true,
  low_confidence: true,
});
export const TIER_FIELDS = namesOf<Tier>({ up_to_minutes: true, amount: true, flat_amount: true });
export const ENTRY_FIELDS = namesOf<PriceEntry>({
  per_seconds: true,
  increment_seconds: true,
  increment_rounding: true,
  minimum_seconds: true,
  channels: true,
  extra_increments: true,
  amount: true,
  tier_mode: true,
  tiers: true,
});

/**
 * Reads a rate card and fills in what is left out.
 * @param now the value of `effective_from` if it is left out (milliseconds since 1970).
 * @throws RefusedError `invalid_rate_card` with a JSON pointer to the mistake.
 */
export function parseRateCard(raw: Json, now: number, at = ''): Omit<RateCard, 'rate_card_id'> {
  const card = objectOf(raw, at, CARD_FIELDS);
  const currency = card['currency'];
  if (typeof currency !== 'string' || !CURRENCY.test(currency)) {
    fail(`${at}/currency`, 'currency is required: three capital letters, such as TWD.');
  }
  const from = card['effective_from'] ?? null;
  const instant = from === null ? now : typeof from === 'string' ? parseInstant(from) : undefined;
  if (instant === undefined)
    fail(`${at}/effective_from`, 'effective_from must be RFC 3339 with an offset.');
  const prices = objectOf(card['prices'] ?? null, `${at}/prices`);
  const names = Object.keys(prices);
  if (names.length === 0) fail(`${at}/prices`, 'A card needs at least one price entry.');
  if (names.length > CARD_BOUNDS.prices)
    fail(`${at}/prices`, `A card has at most ${CARD_BOUNDS.prices} entries.`);
  const surcharges = parseSurcharges(card['surcharges'] ?? {}, `${at}/surcharges`);
  return {
    currency,
    effective_from: printInstant(instant),
    rounding: oneOf(card['rounding'], `${at}/rounding`, CARD_WORDS.rounding),
    retry_after_failure: oneOf(
      card['retry_after_failure'],
      `${at}/retry_after_failure`,
      CARD_WORDS.retry_after_failure,
    ),
    surcharges,
    prices: Object.fromEntries(
      names.map((name) => {
        const entry = parseEntry(name, prices[name]!, `${at}/prices`);
        refuseImpossible(entry, surcharges, `${at}/prices/${name}`);
        return [name, entry];
      }),
    ),
  };
}

/** Keeps the surcharges that the card names, and fills in what they need. */
function parseSurcharges(raw: Json, at: string): Surcharges {
  const given = objectOf(raw, at, SURCHARGE_FIELDS);
  const read = <T>(name: string, of: (value: Json, at: string) => T): T | undefined =>
    (given[name] ?? null) === null ? undefined : of(given[name]!, `${at}/${name}`);
  const included = read('speakers_included', (value, here) =>
    wholeOf(value, here, 0, CARD_BOUNDS.speakers_included, 2),
  );
  const decimal = (name: 'per_extra_speaker' | 'confidence_threshold' | 'low_confidence') =>
    read(name, (value, here) => decimalOf(value, here, CARD_RANGES[name]));
  const speaker = decimal('per_extra_speaker');
  const threshold = decimal('confidence_threshold');
  const low = decimal('low_confidence');
  return withoutUndefined({
    speakers_included: included ?? (speaker === undefined ? undefined : 2),
    per_extra_speaker: speaker,
    confidence_threshold: threshold ?? (low === undefined ? undefined : '0.8'),
    low_confidence: low,
  });
}

function withoutUndefined(fields: {
  readonly [Field in keyof Surcharges]: Surcharges[Field] | undefined;
}): Surcharges {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

function parseEntry(name: string, raw: Json, prices: string): PriceEntry {
  const at = pointerTo(prices, name);
  if (!ENTRY_NAME.test(name))
    fail(at, 'The name of an entry must be a provider in lower case, or "default".');
  const entry = objectOf(raw, at, ENTRY_FIELDS);
  const quantity = {
    per_seconds: decimalOf(
      entry['per_seconds'] ?? '60',
      `${at}/per_seconds`,
      CARD_RANGES.per_seconds,
    ),
    increment_seconds: decimalOf(
      entry['increment_seconds'] ?? '1',
      `${at}/increment_seconds`,
      CARD_RANGES.increment_seconds,
    ),
    increment_rounding: oneOf(
      entry['increment_rounding'],
      `${at}/increment_rounding`,
      CARD_WORDS.increment_rounding,
    ),
    minimum_seconds: decimalOf(
      entry['minimum_seconds'] ?? '0',
      `${at}/minimum_seconds`,
      CARD_RANGES.minimum_seconds,
    ),
    channels: oneOf(entry['channels'], `${at}/channels`, CARD_WORDS.channels),
    extra_increments: wholeOf(
      entry['extra_increments'],
      `${at}/extra_increments`,
      0,
      CARD_BOUNDS.extra_increments,
      0,
    ),
  };
  const single = entry['amount'] ?? null;
  const tiers = entry['tiers'] ?? null;
  if ((single === null) === (tiers === null))
    fail(at, 'An entry must have either an amount or tiers, and not both.');
  if (single !== null) {
    if ((entry['tier_mode'] ?? null) !== null)
      fail(`${at}/tier_mode`, 'tier_mode is only for an entry with tiers.');
    return { ...quantity, amount: decimalOf(single, `${at}/amount`) };
  }
  return {
    ...quantity,
    tier_mode: oneOf(entry['tier_mode'], `${at}/tier_mode`, CARD_WORDS.tier_mode),
    tiers: parseTiers(tiers, `${at}/tiers`),
  };
}

function parseTiers(raw: Json, at: string): Tier[] {
  if (!Array.isArray(raw) || raw.length === 0 || raw.length > CARD_BOUNDS.tiers) {
    fail(at, `tiers must be a list of 1 to ${CARD_BOUNDS.tiers} tiers.`);
  }
  let bound = new Decimal(0);
  return (raw as Json[]).map((value, index) => {
    const here = `${at}/${index}`;
    const tier = objectOf(value, here, TIER_FIELDS);
    const upTo = tier['up_to_minutes'] ?? null;
    const last = index === (raw as Json[]).length - 1;
    if (last !== (upTo === null)) {
      fail(
        `${here}/up_to_minutes`,
        'The last tier, and no other, must have no upper bound (null).',
      );
    }
    if (upTo !== null) {
      const next = new Decimal(decimalOf(upTo, `${here}/up_to_minutes`));
      if (!next.gt(bound))
        fail(
          `${here}/up_to_minutes`,
          'Tiers must ascend: each upper bound must be above the one before.',
        );
      bound = next;
    }
    return {
      up_to_minutes: upTo === null ? null : print(bound),
      amount: decimalOf(tier['amount'] ?? null, `${here}/amount`),
      flat_amount: decimalOf(tier['flat_amount'] ?? '0', `${here}/flat_amount`),
    };
  });
}

/**
 * Returns the names of all fields of a type. If `fields` lacks one of them or has one too many, it does not compile.
 */
function namesOf<T>(fields: Readonly<Record<keyof T, true>>): readonly string[] {
  return Object.keys(fields);
}
