import type { RawCard, RawPrice, RetryPolicy } from './ledger';
import { readInstant } from './months';
import { max, ONE, Rational, type Rounding, ZERO } from './rational';

export interface Tier {
  /** In seconds; null if the tier has no upper bound. */
  readonly upTo: Rational | null;
  readonly amount: Rational;
  readonly flat: Rational;
}

export interface Price {
  readonly mode: 'single' | 'graduated' | 'volume';
  /** A price without tiers is one tier with no upper bound and no flat amount. */
  readonly tiers: readonly Tier[];
  readonly perSeconds: Rational;
  readonly increment: Rational;
  readonly incrementRounding: Rounding;
  readonly minimum: Rational;
  readonly channels: 'ignore' | 'each' | 'pairs';
  readonly extraIncrements: number;
}

export interface Card {
  readonly id: string;
  readonly currency: string;
  readonly effectiveFrom: number;
  readonly rounding: Rounding;
  readonly policy: RetryPolicy;
  readonly surcharges: {
    readonly speakersIncluded: number;
    readonly perExtraSpeaker: Rational;
    readonly confidenceThreshold: Rational;
    readonly lowConfidence: Rational;
  };
  readonly prices: ReadonlyMap<string, Price>;
}

const SIXTY = Rational.of(60);

function readPrice(raw: RawPrice): Price {
  return {
    mode: raw.tiers ? (raw.tier_mode ?? 'graduated') : 'single',
    tiers: raw.tiers
      ? raw.tiers.map((tier) => ({
          upTo:
            tier.up_to_minutes === null ? null : Rational.parse(tier.up_to_minutes).times(SIXTY),
          amount: Rational.parse(tier.amount),
          flat: Rational.parse(tier.flat_amount ?? 0),
        }))
      : [{ upTo: null, amount: Rational.parse(raw.amount!), flat: ZERO }],
    perSeconds: Rational.parse(raw.per_seconds ?? 60),
    increment: Rational.parse(raw.increment_seconds ?? 1),
    incrementRounding: raw.increment_rounding ?? 'up',
    minimum: Rational.parse(raw.minimum_seconds ?? 0),
    channels: raw.channels ?? 'ignore',
    extraIncrements: raw.extra_increments ?? 0,
  };
}

/** A card with its defaults filled in (docs/reference/rules.md#force-5). */
export function readCard(raw: RawCard, recordedAt: number): Card {
  return {
    id: raw.rate_card_id,
    currency: raw.currency,
    // A card without a date is in force from its recorded time (docs/reference/rules.md#force-6).
    effectiveFrom: raw.effective_from == null ? recordedAt : readInstant(raw.effective_from),
    rounding: raw.rounding ?? 'half_up',
    policy: raw.retry_after_failure ?? 'bill_first_success',
    surcharges: {
      speakersIncluded: raw.surcharges?.speakers_included ?? 2,
      perExtraSpeaker: Rational.parse(raw.surcharges?.per_extra_speaker ?? 0),
      confidenceThreshold: Rational.parse(raw.surcharges?.confidence_threshold ?? '0.8'),
      lowConfidence: Rational.parse(raw.surcharges?.low_confidence ?? 0),
    },
    prices: new Map(Object.entries(raw.prices).map(([name, price]) => [name, readPrice(price)])),
  };
}

/**
 * Returns the provider's entry, else `default` (docs/reference/rules.md#rate-2). An entry is identified by its name.
 */
export function entryOf(card: Card, provider: string): { name: string; price: Price } | null {
  for (const name of [provider, 'default']) {
    const price = card.prices.get(name);
    if (price) return { name, price };
  }
  return null;
}

/** Returns the billed quantity (docs/reference/rules.md#rate-1). */
export function billedSecondsOf(price: Price, duration: Rational, channels: number): Rational {
  if (duration.isZero()) return ZERO;
  const raised = max(duration, price.minimum);
  const increments = raised.over(price.increment).whole(price.incrementRounding);
  const taken = max(Rational.of(increments).times(price.increment), price.minimum);
  const extra = price.increment.times(Rational.of(price.extraIncrements));
  const factor = { ignore: 1, each: channels, pairs: Math.ceil(channels / 2) }[price.channels];
  return taken.plus(extra).times(Rational.of(factor));
}

/** Returns the factor for amounts charged per second (docs/reference/rules.md#rate-7). */
export function surchargeOf(
  card: Card,
  speakers: number | null,
  confidence: number | null,
): Rational {
  const { speakersIncluded, perExtraSpeaker, confidenceThreshold, lowConfidence } = card.surcharges;
  const extra = Math.max(0, (speakers ?? 0) - speakersIncluded);
  const isLow = confidence !== null && Rational.parse(confidence).compare(confidenceThreshold) < 0;
  return ONE.plus(perExtraSpeaker.times(Rational.of(extra))).times(
    ONE.plus(isLow ? lowConfidence : ZERO),
  );
}
