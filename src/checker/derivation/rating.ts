import { max, min, Rational, ZERO } from './rational';
import { type Card, type Price, surchargeOf, type Tier } from './cards';

/** A log of a statement, before it is rated. */
export interface Unrated {
  readonly billable: boolean;
  readonly currency: string;
  /** Null only if nothing is billed. */
  readonly card: Card | null;
  readonly entry: { readonly name: string; readonly price: Price } | null;
  readonly billedSeconds: Rational;
  /** The included seconds of the plan in force at the log's time. */
  readonly allowance: Rational;
  readonly speakers: number | null;
  readonly confidence: number | null;
}

export interface Rated {
  readonly billedSeconds: Rational;
  readonly includedSeconds: Rational;
  readonly cost: Rational;
  readonly costCents: bigint;
}

const lowerOf = (tiers: readonly Tier[], at: number): Rational =>
  at === 0 ? ZERO : tiers[at - 1]!.upTo!;

/**
 * Prices a `graduated` entry: the sum of seconds times amounts per second, and the flat amounts
 * (docs/reference/rules.md#rate-5).
 */
function graduated(tiers: readonly Tier[], before: Rational, charged: Rational) {
  const after = before.plus(charged);
  let perSecond = ZERO;
  let flat = ZERO;
  tiers.forEach((tier, at) => {
    const lower = lowerOf(tiers, at);
    const upper = tier.upTo === null ? after : min(after, tier.upTo);
    const within = max(ZERO, upper.minus(max(before, lower)));
    perSecond = perSecond.plus(within.times(tier.amount));
    // Once per period, on the log that holds the tier's first second.
    if (before.compare(lower) <= 0 && after.compare(lower) > 0) flat = flat.plus(tier.flat);
  });
  return { perSecond, flat };
}

/**
 * Returns the tier that a total reaches. A total at an upper bound is in the lower tier
 * (docs/reference/rules.md#rate-4).
 */
const reached = (tiers: readonly Tier[], total: Rational): Tier =>
  tiers.find((tier) => tier.upTo === null || total.compare(tier.upTo) <= 0)!;

/**
 * Rates a user's statement of one period, in its order (docs/reference/rules.md#rate-3 and the rules after it, up to
 * docs/reference/rules.md#cents-2). A statement belongs to a user and a period, whatever the currencies of its logs (a
 * late log keeps its own). The allowance and the counters of entries run across all currencies. Only running totals are
 * kept by currency, because adding two currencies means nothing.
 */
export function rateStatement(statement: readonly Unrated[]): Rated[] {
  let included = ZERO;
  const shares = statement.map((log) => {
    if (!log.billable) return { included: ZERO, charged: ZERO };
    const left = max(ZERO, log.allowance.minus(included));
    const used = min(left, log.billedSeconds);
    included = included.plus(used);
    return { included: used, charged: log.billedSeconds.minus(used) };
  });

  const totals = new Map<string, Rational>();
  statement.forEach((log, at) => {
    if (!log.billable) return;
    const { name } = log.entry!;
    totals.set(name, (totals.get(name) ?? ZERO).plus(shares[at]!.charged));
  });

  const counters = new Map<string, Rational>();
  const running = new Map<string, Rational>();
  const cents = new Map<string, bigint>();
  return statement.map((log, at) => {
    // A log that is not billable adds nothing to the cents either (docs/reference/rules.md#statement-4).
    if (!log.billable) {
      return { billedSeconds: ZERO, includedSeconds: ZERO, cost: ZERO, costCents: 0n };
    }
    const { name, price } = log.entry!;
    const card = log.card!;
    const { charged } = shares[at]!;
    const before = counters.get(name) ?? ZERO;
    counters.set(name, before.plus(charged));

    const isFirst = before.isZero() && !charged.isZero();
    const tier = reached(price.tiers, totals.get(name)!);
    const list =
      price.mode === 'volume'
        ? { perSecond: charged.times(tier.amount), flat: isFirst ? tier.flat : ZERO }
        : graduated(price.tiers, before, charged);
    const surcharge = surchargeOf(card, log.speakers, log.confidence);
    const cost = list.perSecond
      .times(surcharge)
      .over(price.perSeconds)
      .plus(list.flat)
      .rounded(12, 'half_even');

    const total = (running.get(log.currency) ?? ZERO).plus(cost);
    running.set(log.currency, total);
    const now = total.times(Rational.of(100)).whole(card.rounding);
    const step = now - (cents.get(log.currency) ?? 0n);
    cents.set(log.currency, now);
    return {
      billedSeconds: log.billedSeconds,
      includedSeconds: shares[at]!.included,
      cost,
      costCents: step,
    };
  });
}
