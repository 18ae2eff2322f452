import type { Close, History } from './history';
import type { RawCard, RawPrice, RetryPolicy } from './ledger';
import { monthOf, nextMonth, readInstant } from './months';
import { max, ONE, Rational, type Rounding, ZERO } from './rational';

export interface Tier {
  /** In seconds; null is without end. */
  readonly upTo: Rational | null;
  readonly amount: Rational;
  readonly flat: Rational;
}

export interface Price {
  readonly mode: 'single' | 'graduated' | 'volume';
  /** A price without tiers is one tier without end, and without a flat amount. */
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

/** A card with what was left out filled in (product.md, From an attempt to money). */
export function readCard(raw: RawCard, recordedAt: number): Card {
  return {
    id: raw.rate_card_id,
    currency: raw.currency,
    // "`effective_from` of a card or assignment is not in the past (left out: now)".
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

/** "With the provider's on the card, else the card's `default`"; an entry is its name. */
export function entryOf(card: Card, provider: string): { name: string; price: Price } | null {
  for (const name of [provider, 'default']) {
    const price = card.prices.get(name);
    if (price) return { name, price };
  }
  return null;
}

/** Step 1: the quantity. */
export function billedSecondsOf(price: Price, duration: Rational, channels: number): Rational {
  if (duration.isZero()) return ZERO;
  const raised = max(duration, price.minimum);
  const increments = raised.over(price.increment).whole(price.incrementRounding);
  const taken = max(Rational.of(increments).times(price.increment), price.minimum);
  const extra = price.increment.times(Rational.of(price.extraIncrements));
  const factor = { ignore: 1, each: channels, pairs: Math.ceil(channels / 2) }[price.channels];
  return taken.plus(extra).times(Rational.of(factor));
}

/** Step 5: what multiplies the amounts charged per second. */
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

export interface Plan {
  readonly name: string;
  readonly includedSeconds: Rational;
}

/** What was agreed, as the events so far tell it: cards, plans, assignments, closed periods. */
export interface Terms {
  readonly zone: string;
  readonly closes: readonly Close[];
  periodOf(instant: number): string;
  /** The first period from this one on that is not closed. */
  firstOpen(period: string): string;
  currencyOf(user: string, period: string): string;
  cardAt(currency: string, instant: number): Card | null;
  planAt(user: string, instant: number): Plan;
}

/** "With the latest `effective_from` not after it (of equals, the later in ledger order)". */
function inForce<T>(all: readonly T[], from: (one: T) => number, instant: number): T | null {
  let best: T | null = null;
  for (const one of all) {
    if (from(one) <= instant && (best === null || from(one) >= from(best))) best = one;
  }
  return best;
}

/** What was agreed after the first `n` events. */
export function termsAt(history: History, n: number): Terms {
  const { zone } = history;
  const known = <T extends { readonly index: number }>(all: readonly T[]): readonly T[] =>
    all.length === 0 || all.at(-1)!.index < n ? all : all.filter((one) => one.index < n);
  const closes = known(history.closes);
  const closed = new Set(closes.map((one) => one.period));
  const cards = known(history.cards);

  // A closed period keeps the instants that its close named, "from now on".
  const periodOf = (instant: number) =>
    closes.find((one) => one.from <= instant && instant < one.to)?.period ?? monthOf(instant, zone);
  const firstOpen = (period: string): string =>
    closed.has(period) ? firstOpen(nextMonth(period)) : period;

  return {
    zone,
    closes,
    periodOf,
    firstOpen,
    // "The currency of an assignment in mid-period then holds for the whole of it": so the latest
    // assignment that takes effect in the period or before, and names one, decides.
    currencyOf: (user, period) =>
      inForce(
        known(history.assigned.get(user) ?? []).filter(
          (one) => one.currency !== null && periodOf(one.from) <= period,
        ),
        (one) => one.from,
        Infinity,
      )?.currency ?? history.firstCurrency,
    cardAt: (currency, instant) =>
      inForce(
        cards.filter((one) => one.card.currency === currency),
        (one) => one.card.effectiveFrom,
        instant,
      )?.card ?? null,
    planAt: (user, instant) => {
      const name =
        inForce(known(history.assigned.get(user) ?? []), (one) => one.from, instant)?.plan ??
        inForce(known(history.defaults), (one) => one.from, instant)?.plan ??
        'free';
      const definition = known(history.plans.get(name) ?? []).at(-1)?.definition;
      return {
        name,
        includedSeconds: Rational.parse(definition?.included_minutes ?? 0).times(SIXTY),
      };
    },
  };
}
