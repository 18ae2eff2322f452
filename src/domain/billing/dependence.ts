import { wholeCents, type Pico } from '../pico';
import type { RateCard } from '../rating/rate-card';
import type { Charge } from './charge';
import { priceOf, tierOf, type Price } from './price';
import { NO_MONEY, type ChargedSeconds, type RunningState } from './running-state';

/** A price with tiers, by the name of its entry and the id of its card. */
type TieredPrice = readonly [entry: string, cardId: string];

/**
 * The part of a statement's state that the logs of a stretch (`place.ts`) depend on. While that part stays the same, so
 * do their costs.
 */
export interface Dependence {
  /** The largest allowance among the plans of the logs, in seconds. */
  readonly allowance: Pico;
  readonly graduated: readonly TieredPrice[];
  readonly volume: readonly TieredPrice[];
  /** The currencies of the logs, and those in which half a cent is rounded to even. */
  readonly currencies: readonly string[];
  readonly halfEven: readonly string[];
}

/** The dependence of a stretch that has no billable logs. */
export const INDEPENDENT: Dependence = {
  allowance: 0n,
  graduated: [],
  volume: [],
  currencies: [],
  halfEven: [],
};

/** Returns the dependence with one more log; the same object if the log adds nothing new. */
export function withCharge(known: Dependence, charge: Charge | undefined): Dependence {
  if (charge === undefined) return known;
  const { price, currency, allowance } = charge;
  const tiered: TieredPrice = [price.name, price.card.rate_card_id];
  const graduated =
    price.mode === 'graduated' ? withPrice(known.graduated, tiered) : known.graduated;
  const volume = price.mode === 'volume' ? withPrice(known.volume, tiered) : known.volume;
  const currencies = withName(known.currencies, currency);
  const halfEven =
    price.card.rounding === 'half_even' ? withName(known.halfEven, currency) : known.halfEven;
  const most = allowance > known.allowance ? allowance : known.allowance;
  const isKnown =
    most === known.allowance &&
    graduated === known.graduated &&
    volume === known.volume &&
    currencies === known.currencies &&
    halfEven === known.halfEven;
  return isKnown ? known : { allowance: most, graduated, volume, currencies, halfEven };
}

export function isSameDependence(a: Dependence, b: Dependence): boolean {
  if (a === b) return true;
  return JSON.stringify(storedDependence(a)) === JSON.stringify(storedDependence(b));
}

/** Sorted, so that the order of the logs does not show. */
function withPrice(known: readonly TieredPrice[], one: TieredPrice): readonly TieredPrice[] {
  if (known.some(([entry, id]) => entry === one[0] && id === one[1])) return known;
  return [...known, one].sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
}

function withName(known: readonly string[], name: string): readonly string[] {
  return known.includes(name) ? known : [...known, name].sort();
}

/** The statement's states around a stretch: at its start and end before a change, and at its start now. */
export interface Around {
  readonly start: RunningState;
  readonly end: RunningState;
  /** The state at its start after the change. */
  readonly now: RunningState;
}

/** The whole statement's charged seconds, before a change and after it. */
export interface Totals {
  readonly before: ChargedSeconds;
  readonly now: ChargedSeconds;
}

/** Looks up a card by its id. */
export type CardById = (id: string) => RateCard | undefined;

/**
 * Returns whether each log of a stretch keeps its seconds, cost and cents although the logs before it changed. `true`
 * is always right. A needless `false` only costs a second rating.
 */
export function isUntouched(
  dependence: Dependence,
  around: Around,
  totals: Totals,
  cardById: CardById,
): boolean {
  const { start, now } = around;
  const { allowance } = dependence;
  if (start.included !== now.included && (start.included < allowance || now.included < allowance)) {
    return false;
  }
  const priced = ([entry, id]: TieredPrice) => {
    const card = cardById(id);
    return card && priceOf(card, entry);
  };
  return (
    dependence.graduated.every((one) => staysInTier(priced(one), around)) &&
    dependence.volume.every((one) => reachesSameTier(priced(one), around, totals)) &&
    dependence.currencies.every((one) => keepsCents(around, one, dependence.halfEven.includes(one)))
  );
}

/**
 * Returns whether each log of a stretch keeps its tier: either as many seconds come before the stretch as did, or the
 * stretch lies within one tier, stays in it, and never has the tier's first second.
 */
function staysInTier(price: Price | undefined, { start, end, now }: Around): boolean {
  if (price === undefined) return false;
  const [from, to, moved] = [start, end, now].map(({ charged }) => charged.get(price.name) ?? 0n);
  if (from === moved) return true;
  const index = tierOf(price, to!);
  const lower = index === 0 ? 0n : price.tiers[index - 1]!.upTo!;
  return from! > lower && moved! > lower && tierOf(price, to! + moved! - from!) === index;
}

function reachesSameTier(
  price: Price | undefined,
  { start, now }: Around,
  { before, now: after }: Totals,
): boolean {
  if (price === undefined) return false;
  const { name } = price;
  // The entry's first charged log pays the tier's flat amount.
  if (start.charged.has(name) !== now.charged.has(name)) return false;
  return tierOf(price, before.get(name) ?? 0n) === tierOf(price, after.get(name) ?? 0n);
}

/**
 * Returns whether a currency's total moves by whole cents, so that later totals are rounded as before. If halves round
 * to even, it must move by an even number of cents.
 */
function keepsCents({ start, now }: Around, currency: string, halfEven: boolean): boolean {
  const before = start.money.get(currency) ?? NO_MONEY;
  const after = now.money.get(currency) ?? NO_MONEY;
  const cents = wholeCents(after.total - before.total);
  if (cents === undefined || after.cents - before.cents !== cents) return false;
  return !halfEven || cents % 2 === 0;
}

/** A dependence in its JSON form. */
export interface StoredDependence {
  readonly allowance: string;
  readonly graduated?: readonly TieredPrice[];
  readonly volume?: readonly TieredPrice[];
  readonly currencies: readonly string[];
  readonly halfEven?: readonly string[];
}

/** Returns the JSON form. Empty lists are left out. */
export function storedDependence(one: Dependence): StoredDependence {
  return {
    allowance: String(one.allowance),
    ...(one.graduated.length > 0 && { graduated: one.graduated }),
    ...(one.volume.length > 0 && { volume: one.volume }),
    currencies: one.currencies,
    ...(one.halfEven.length > 0 && { halfEven: one.halfEven }),
  };
}

export function readDependence(stored: StoredDependence): Dependence {
  const { allowance, graduated = [], volume = [], currencies, halfEven = [] } = stored;
  return { allowance: BigInt(allowance), graduated, volume, currencies, halfEven };
}

/** Returns the prices with volume tiers that the stretches of a statement depend on. */
export function volumePrices(all: readonly Dependence[]): readonly TieredPrice[] {
  let found: readonly TieredPrice[] = [];
  for (const { volume } of all) for (const one of volume) found = withPrice(found, one);
  return found;
}

/** Returns whether a changed total reaches another volume tier, at one of these prices. */
export function reachesAnotherTier(
  volume: readonly TieredPrice[],
  { before, now }: Totals,
  cardById: CardById,
): boolean {
  return volume.some(([entry, id]) => {
    const card = cardById(id);
    if (card === undefined) return true;
    const price = priceOf(card, entry);
    return tierOf(price, before.get(entry) ?? 0n) !== tierOf(price, now.get(entry) ?? 0n);
  });
}
