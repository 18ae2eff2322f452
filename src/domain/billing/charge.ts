import { cached } from '../cached';
import { centsOf, pico, type Pico } from '../pico';
import { priceEntryName, type RateCard } from '../rating/rate-card';
import { NO_MONEY, type ChargedSeconds, type Money, type RunningState } from './running-state';
import { billedPicos, costOf, factorOf, priceOf, tierOf, type PicoTier, type Price } from './price';

/** The fields of a log that decide its charge, apart from the logs before it in its statement. */
export interface ChargeInput {
  readonly billable: boolean;
  readonly currency: string;
  readonly stt_provider: string;
  readonly duration_seconds: string;
  readonly channels: number;
  readonly speaker_count: number | null;
  readonly confidence_score: number | null;
}

/** A billable log in the form that rating uses: all that does not depend on its rank, computed once. */
export interface Charge {
  readonly currency: string;
  readonly price: Price;
  readonly billed: Pico;
  /** The included minutes of the plan in force for the log, in seconds. */
  readonly allowance: Pico;
  /** The factor of surcharges, as `factorOf` in `price.ts` returns it. */
  readonly factor: bigint;
  /** The cost if all seconds are charged, at a price without tiers; 0 if the price has tiers. */
  readonly plainCost: Pico;
  /** The cost found when all seconds were last charged within one tier. The next rating usually needs the same cost. */
  inTier?: { readonly tier: PicoTier; readonly cost: Pico };
}

/** Returns a log's charge, or `undefined` if the log is not billable. */
export function chargeOf(
  input: ChargeInput,
  card: RateCard | undefined,
  includedMinutes: string,
): Charge | undefined {
  if (!input.billable) return undefined;
  const name = card && priceEntryName(card, input.stt_provider);
  if (card === undefined || name === undefined) {
    throw new Error(
      'A billable log must have a price. classify() must not let any other become billable.',
    );
  }
  const price = priceOf(card, name);
  const billed = billedPicos(price.entry, pico(input.duration_seconds), input.channels);
  const factor = factorOf(card, {
    speakerCount: input.speaker_count,
    confidenceScore: input.confidence_score,
  });
  const plainCost =
    price.mode === 'flat' ? costOf(billed * price.amount, 0n, factor, price.perSeconds) : 0n;
  const allowance = allowanceOf(includedMinutes);
  return { currency: input.currency, price, billed, allowance, factor, plainCost };
}

/** How many allowances are cached. A ledger has few plans. */
const MOST_ALLOWANCES = 1_000;
const allowances = new Map<string, Pico>();

/** Returns a plan's included minutes in seconds, the same number for all of its logs. */
function allowanceOf(includedMinutes: string): Pico {
  return (
    allowances.get(includedMinutes) ??
    cached(allowances, MOST_ALLOWANCES, includedMinutes, pico(includedMinutes) * 60n)
  );
}

/** The result of rating a log. */
export interface RatedCharge {
  readonly included: Pico;
  readonly cost: Pico;
  readonly cents: number;
}

export const NOT_CHARGED: RatedCharge = { included: 0n, cost: 0n, cents: 0 };

/** Rates logs one after another in statement order, starting from a state. `rating/statement.ts` is the reference. */
export class Rater {
  private included: Pico;
  private readonly charged: Map<string, Pico>;
  private readonly money: Map<string, Money>;

  /** @param totals the whole statement's charged seconds; needed if a price has volume tiers. */
  constructor(
    state: RunningState,
    private readonly totals: ChargedSeconds,
  ) {
    this.included = state.included;
    this.charged = new Map(state.charged);
    this.money = new Map(state.money);
  }

  /** The state after the logs so far. */
  get state(): RunningState {
    return {
      included: this.included,
      charged: new Map(this.charged),
      money: new Map(this.money),
    };
  }

  /** @param charge `undefined` for a log that is not billable. */
  rate(charge: Charge | undefined): RatedCharge {
    if (charge === undefined) return NOT_CHARGED;
    const { billed, price, currency } = charge;
    const included = this.allow(charge);
    const seconds = billed - included;
    const before = this.charged.get(price.name) ?? 0n;
    const cost = this.cost(charge, before, seconds);
    if (included !== 0n) this.included += included;
    if (seconds !== 0n) this.charged.set(price.name, before + seconds);
    const known = this.money.get(currency) ?? NO_MONEY;
    const total = known.total + cost;
    if (total === 0n) return { included, cost, cents: 0 };
    const cents = centsOf(total, price.card.rounding);
    this.money.set(currency, { total, cents });
    return { included, cost, cents: cents - known.cents };
  }

  private allow({ allowance, billed }: Charge): Pico {
    if (allowance === 0n) return 0n;
    const left = allowance - this.included;
    if (left <= 0n) return 0n;
    return left < billed ? left : billed;
  }

  private cost(charge: Charge, before: Pico, seconds: Pico): Pico {
    if (seconds === 0n) return 0n;
    const { price, billed, factor, plainCost } = charge;
    const { mode, perSeconds } = price;
    if (mode === 'flat') {
      return seconds === billed
        ? plainCost
        : costOf(seconds * price.amount, 0n, factor, perSeconds);
    }
    if (mode === 'volume') {
      const total = this.totals.get(price.name) ?? before + seconds;
      const tier = price.tiers[tierOf(price, total)]!;
      if (before !== 0n && seconds === billed) return costInTier(charge, tier);
      return costOf(seconds * tier.amount, before === 0n ? tier.flat : 0n, factor, perSeconds);
    }
    const index = tierOf(price, before + seconds);
    const lower = index === 0 ? 0n : price.tiers[index - 1]!.upTo!;
    if (before > lower && seconds === billed) return costInTier(charge, price.tiers[index]!);
    const { products, flat } = graduated(price, before, before + seconds);
    return costOf(products, flat, factor, perSeconds);
  }
}

/** The cost of a log that is charged entirely within one tier, without the tier's flat amount. */
function costInTier(charge: Charge, tier: PicoTier): Pico {
  if (charge.inTier?.tier !== tier) {
    const { billed, factor, price } = charge;
    const cost = costOf(billed * tier.amount, 0n, factor, price.perSeconds);
    charge.inTier = { tier, cost };
  }
  return charge.inTier.cost;
}

/** Prices each second in its own tier, and adds the flat amount of each tier whose first second lies in the range. */
function graduated({ tiers }: Price, from: Pico, to: Pico): { products: bigint; flat: Pico } {
  let products = 0n;
  let flat = 0n;
  let lower = 0n;
  for (const tier of tiers) {
    const upper = tier.upTo === undefined || tier.upTo > to ? to : tier.upTo;
    const start = from > lower ? from : lower;
    if (upper > start) {
      products += (upper - start) * tier.amount;
      if (from <= lower) flat += tier.flat;
    }
    if (tier.upTo === undefined || tier.upTo >= to) break;
    lower = tier.upTo;
  }
  return { products, flat };
}
