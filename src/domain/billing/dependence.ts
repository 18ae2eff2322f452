import { wholeCents, type Pico } from '../pico';
import type { RateCard } from '../rating/rate-card';
import type { Charge } from './charge';
import { priceOf, tierOf, type Price } from './price';
import { NO_MONEY, type ChargedSeconds, type RunningState } from './running-state';

/** A price with tiers, by its entry's name and its card's id. */
type TieredPrice = readonly [entry: string, cardId: string];

/** The part of a statement's state that a stretch's logs depend on. While it is the same, they come to the same. */
export interface Dependence {
  /** The greatest allowance of their plans, in seconds. */
  readonly allowance: Pico;
  readonly graduated: readonly TieredPrice[];
  readonly volume: readonly TieredPrice[];
  /** Their currencies, and those of them in which a half cent is rounded to even. */
  readonly currencies: readonly string[];
  readonly halfEven: readonly string[];
}

/** The dependence of a stretch without billable logs. */
export const INDEPENDENT: Dependence = {
  allowance: 0n,
  graduated: [],
  volume: [],
  currencies: [],
  halfEven: [],
};

/** The same with one more log; the same object if it brings nothing new. */
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

/** In one order, whatever the order of the logs. */
function withPrice(known: readonly TieredPrice[], one: TieredPrice): readonly TieredPrice[] {
  if (known.some(([entry, id]) => entry === one[0] && id === one[1])) return known;
  return [...known, one].sort((a, b) => (a.join(' ') < b.join(' ') ? -1 : 1));
}

function withName(known: readonly string[], name: string): readonly string[] {
  return known.includes(name) ? known : [...known, name].sort();
}

/** The statement's states around a stretch, before a change and after it. */
export interface Around {
  readonly start: RunningState;
  readonly end: RunningState;
  /** Where it starts now. */
  readonly now: RunningState;
}

/** The whole statement's charged seconds, before a change and after it. */
export interface Totals {
  readonly before: ChargedSeconds;
  readonly now: ChargedSeconds;
}

/** Cards by their id. */
export type CardById = (id: string) => RateCard | undefined;

/**
 * Whether each log of a stretch comes to the same seconds, cost and cents as before, although what stands before it
 * changed. It may say no if they do: then they are rated again. Never the other way round.
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

/** All of it lies within one tier, and goes on lying in it; its first second is in neither case the tier's. */
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
  // The tier's flat amount is carried by the entry's first charged log.
  if (start.charged.has(name) !== now.charged.has(name)) return false;
  return tierOf(price, before.get(name) ?? 0n) === tierOf(price, after.get(name) ?? 0n);
}

/** A total that moves by whole cents is rounded as before; half to even, by an even number of them. */
function keepsCents({ start, now }: Around, currency: string, halfEven: boolean): boolean {
  const before = start.money.get(currency) ?? NO_MONEY;
  const after = now.money.get(currency) ?? NO_MONEY;
  const cents = wholeCents(after.total - before.total);
  if (cents === undefined || after.cents - before.cents !== cents) return false;
  return !halfEven || cents % 2 === 0;
}

/** As JSON has it. */
export interface StoredDependence {
  readonly allowance: string;
  readonly graduated?: readonly TieredPrice[];
  readonly volume?: readonly TieredPrice[];
  readonly currencies: readonly string[];
  readonly halfEven?: readonly string[];
}

/** What is empty is left out. */
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

/** Which prices with volume tiers the stretches of a statement go by. */
export function volumePrices(all: readonly Dependence[]): readonly TieredPrice[] {
  let found: readonly TieredPrice[] = [];
  for (const { volume } of all) for (const one of volume) found = withPrice(found, one);
  return found;
}

/** Whether totals reach another volume tier than others do, at a price that is among these. */
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
