import { add, constant, Decimal, divideToCost, ONE, SIXTY, toCents, ZERO } from '../money';
import { billedSeconds } from './quantity';
import type { PriceEntry, Tier } from './price-entry';
import { priceEntryName, type RateCard } from './rate-card';
import { surchargeFactor } from './surcharge';

/** What rating needs to know about a log. Seconds are decimal strings. */
export interface RatingInput {
  readonly billable: boolean;
  readonly provider: string;
  readonly durationSeconds: string;
  readonly channels: number;
  readonly speakerCount: number | null;
  readonly confidenceScore: number | null;
  /** The card in force at the completed event's time; `undefined` only for a log that is not billable. */
  readonly card: RateCard | undefined;
  /** The allowance of the plan in force at the completed event's time. */
  readonly includedMinutes: string;
}

/** A statement after some of its logs: all that rating its next log needs to know about them. */
export interface StatementState {
  /** The exact sum of `cost` so far. */
  readonly runningTotal: Decimal;
  readonly runningCents: number;
  readonly includedSeconds: Decimal;
  /** Charged seconds so far, by price entry. */
  readonly charged: ReadonlyMap<string, Decimal>;
}

export const EMPTY_STATEMENT: StatementState = {
  runningTotal: ZERO,
  runningCents: 0,
  includedSeconds: ZERO,
  charged: new Map(),
};

/** Seconds charged at one price. `flat` is the tier's flat amount if this log pays it, else 0. */
interface PricePart {
  readonly seconds: Decimal;
  readonly amount: string;
  readonly flat: Decimal;
}

/** A rated log, with every number that a person needs to recompute it. */
export interface Rated {
  readonly billedSeconds: Decimal;
  readonly includedSeconds: Decimal;
  readonly chargedSeconds: Decimal;
  /** Allowance left before this log, in seconds. */
  readonly allowanceLeft: Decimal;
  readonly entry: string | undefined;
  /** The entry's charged seconds before this log. */
  readonly beforeSeconds: Decimal;
  readonly parts: readonly PricePart[];
  readonly factor: Decimal;
  readonly cost: Decimal;
  readonly costCents: number;
  readonly after: StatementState;
}

/** Charged seconds of the whole period, by price entry. `volume` tiers depend on them. */
export type EntryTotals = ReadonlyMap<string, Decimal>;

/**
 * Rates the statement's next log (docs/reference/rules.md#from-an-attempt-to-its-cost). Pure.
 * @param totals the whole period's charged seconds, including this log's; needed if a card has volume tiers.
 */
export function rateLog(state: StatementState, input: RatingInput, totals: EntryTotals): Rated {
  if (!input.billable) return unbilled(state);
  const { card, quantity } = measure(state, input);
  const { entryName, entry, before, charged } = quantity;
  const chargedSoFar = add(before, charged);
  const parts = priceParts(entry, before, charged, totals.get(entryName) ?? chargedSoFar);
  const factor = surchargeFactor(card.surcharges, input);
  let perSecond: Decimal = ZERO;
  let flat: Decimal = ZERO;
  for (const part of parts) {
    perSecond = add(perSecond, part.seconds.times(constant(part.amount)));
    flat = add(flat, part.flat);
  }
  const perSeconds = constant(entry.per_seconds);
  const surcharged = factor === ONE ? perSecond : perSecond.times(factor);
  const cost = divideToCost(
    flat.isZero() ? surcharged : surcharged.plus(flat.times(perSeconds)),
    perSeconds,
  );
  const runningTotal = add(state.runningTotal, cost);
  const runningCents = toCents(runningTotal, card.rounding);
  return {
    billedSeconds: quantity.billed,
    includedSeconds: quantity.included,
    chargedSeconds: charged,
    allowanceLeft: quantity.left,
    entry: entryName,
    beforeSeconds: before,
    parts,
    factor,
    cost,
    costCents: runningCents - state.runningCents,
    after: {
      runningTotal,
      runningCents,
      includedSeconds: add(state.includedSeconds, quantity.included),
      charged: charged.isZero()
        ? state.charged
        : new Map(state.charged).set(entryName, chargedSoFar),
    },
  };
}

/** Rates a whole statement, from its first log. */
export function rateStatement(inputs: readonly RatingInput[]): Rated[] {
  const totals = entryTotals(EMPTY_STATEMENT, inputs);
  let state = EMPTY_STATEMENT;
  return inputs.map((input) => {
    const rated = rateLog(state, input, totals);
    state = rated.after;
    return rated;
  });
}

/**
 * Returns the charged seconds by entry after more logs. They depend on no price, so they are known before any price is.
 */
function entryTotals(state: StatementState, inputs: readonly RatingInput[]): EntryTotals {
  const totals = new Map(state.charged);
  let included = state.includedSeconds;
  for (const input of inputs) {
    if (!input.billable) continue;
    const { quantity } = measure({ ...state, includedSeconds: included, charged: totals }, input);
    included = included.plus(quantity.included);
    totals.set(quantity.entryName, quantity.before.plus(quantity.charged));
  }
  return totals;
}

/**
 * Returns the index of the volume tier that a period's total reaches. A total at an upper bound is in the lower tier.
 */
export function reachedTier(tiers: readonly Tier[], totalSeconds: Decimal): number {
  return tiers.findIndex(
    (tier) =>
      tier.up_to_minutes === null || totalSeconds.lte(constant(tier.up_to_minutes).times(SIXTY)),
  );
}

interface Quantity {
  readonly entryName: string;
  readonly entry: PriceEntry;
  readonly billed: Decimal;
  readonly left: Decimal;
  readonly included: Decimal;
  readonly charged: Decimal;
  readonly before: Decimal;
}

/** Splits a log's seconds: billed, included in the plan, and left to charge. */
function measure(
  state: StatementState,
  input: RatingInput,
): { card: RateCard; quantity: Quantity } {
  const card = input.card;
  const entryName = card && priceEntryName(card, input.provider);
  if (card === undefined || entryName === undefined) {
    throw new Error('A billable log must have a price. classify() must not let this happen.');
  }
  const entry = card.prices[entryName]!;
  const billed = billedSeconds(entry, new Decimal(input.durationSeconds), input.channels);
  const left = allowanceLeft(input.includedMinutes, state.includedSeconds);
  const included = left.lt(billed) ? left : billed;
  return {
    card,
    quantity: {
      entryName,
      entry,
      billed,
      left,
      included,
      charged: included.isZero() ? billed : billed.minus(included),
      before: state.charged.get(entryName) ?? ZERO,
    },
  };
}

/** What is left of the included minutes, in seconds, never below 0. */
function allowanceLeft(includedMinutes: string, usedSeconds: Decimal): Decimal {
  if (includedMinutes === '0') return ZERO;
  const left = constant(includedMinutes).times(SIXTY).minus(usedSeconds);
  return left.isNegative() ? ZERO : left;
}

/** Splits charged seconds by the price that applies to them. */
function priceParts(
  entry: PriceEntry,
  before: Decimal,
  charged: Decimal,
  total: Decimal,
): PricePart[] {
  if (charged.isZero()) return [];
  if (entry.tiers === undefined) return [{ seconds: charged, amount: entry.amount!, flat: ZERO }];
  if (entry.tier_mode === 'volume') {
    const tier = entry.tiers[reachedTier(entry.tiers, total)]!;
    const flat = before.isZero() ? constant(tier.flat_amount) : ZERO;
    return [{ seconds: charged, amount: tier.amount, flat }];
  }
  return graduated(entry.tiers, before, before.plus(charged));
}

function graduated(tiers: readonly Tier[], from: Decimal, to: Decimal): PricePart[] {
  const parts: PricePart[] = [];
  let lower: Decimal = ZERO;
  for (const tier of tiers) {
    const upper = tier.up_to_minutes === null ? to : constant(tier.up_to_minutes).times(SIXTY);
    const start = Decimal.max(from, lower);
    const seconds = Decimal.min(to, upper).minus(start);
    if (seconds.gt(ZERO)) {
      // The log holds the tier's first second if it begins at or before the tier's lower bound.
      const flat = from.lte(lower) ? constant(tier.flat_amount) : ZERO;
      parts.push({ seconds, amount: tier.amount, flat });
    }
    lower = upper;
  }
  return parts;
}

function unbilled(state: StatementState): Rated {
  return {
    billedSeconds: ZERO,
    includedSeconds: ZERO,
    chargedSeconds: ZERO,
    allowanceLeft: ZERO,
    entry: undefined,
    beforeSeconds: ZERO,
    parts: [],
    factor: ONE,
    cost: ZERO,
    costCents: 0,
    after: state,
  };
}
