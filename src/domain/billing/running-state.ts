import { parsePico, printPico, type Pico } from '../pico';

/** The exact sum of `cost` in a currency so far, and the cents it was rounded to. */
export interface Money {
  readonly total: Pico;
  readonly cents: number;
}

/**
 * A statement after some of its logs: all that rating its next log needs to know about them. Allowance and tiers run
 * across all currencies, because late usage may stand beside usage in another currency; money is added up by currency.
 * Seconds and amounts are multiples of 10^-12.
 */
export interface RunningState {
  readonly included: Pico;
  /** Charged seconds by price entry; entries with none are left out. */
  readonly charged: ReadonlyMap<string, Pico>;
  /** By currency; currencies with a total of 0 are left out. */
  readonly money: ReadonlyMap<string, Money>;
}

export const NOTHING_RATED: RunningState = { included: 0n, charged: new Map(), money: new Map() };
export const NO_MONEY: Money = { total: 0n, cents: 0 };

/** Charged seconds of a whole statement, by price entry. They decide which `volume` tier applies. */
export type ChargedSeconds = ReadonlyMap<string, Pico>;

export function isSameState(a: RunningState, b: RunningState): boolean {
  if (a === b) return true;
  if (a.included !== b.included) return false;
  if (a.charged.size !== b.charged.size || a.money.size !== b.money.size) return false;
  for (const [entry, seconds] of a.charged) if (b.charged.get(entry) !== seconds) return false;
  for (const [currency, { total, cents }] of a.money) {
    const other = b.money.get(currency);
    if (other?.total !== total || other.cents !== cents) return false;
  }
  return true;
}

/**
 * Returns the state at the end of a stretch whose logs cost the same as before, although the logs before it changed.
 * @param end the state at the end of the stretch before the change.
 * @param before the state at its start before the change; `now` the state at its start after the change.
 */
export function shiftedState(
  end: RunningState,
  before: RunningState,
  now: RunningState,
): RunningState {
  const charged = new Map<string, Pico>();
  for (const entry of new Set([...end.charged.keys(), ...now.charged.keys()])) {
    const seconds = of(end, entry) + of(now, entry) - of(before, entry);
    if (seconds !== 0n) charged.set(entry, seconds);
  }
  const money = new Map<string, Money>();
  for (const currency of new Set([...end.money.keys(), ...now.money.keys()])) {
    const [one, plus, less] = [end, now, before].map((it) => it.money.get(currency) ?? NO_MONEY);
    const total = one!.total + plus!.total - less!.total;
    if (total === 0n) continue;
    money.set(currency, { total, cents: one!.cents + plus!.cents - less!.cents });
  }
  return { included: end.included + now.included - before.included, charged, money };
}

function of({ charged }: RunningState, entry: string): Pico {
  return charged.get(entry) ?? 0n;
}

/**
 * Writes a state as JSON text, by hand because every statement and every mark that is written holds one. Keys are
 * sorted, so a state has only one text.
 */
export function writeState({ included, charged, money }: RunningState): string {
  const totals = byName(money, ({ total, cents }) => `["${printPico(total)}",${cents}]`);
  const seconds = byName(charged, (value) => `"${printPico(value)}"`);
  return `{"totals":{${totals}},"included":"${printPico(included)}","charged":{${seconds}}}`;
}

function byName<T>(map: ReadonlyMap<string, T>, write: (value: T) => string): string {
  if (map.size === 1) {
    const [[name, value]] = map as unknown as [[string, T]];
    return `${JSON.stringify(name)}:${write(value)}`;
  }
  const names = [...map.keys()].sort();
  return names.map((name) => `${JSON.stringify(name)}:${write(map.get(name)!)}`).join(',');
}

/** A state in its JSON form. */
export interface StoredState {
  /** Total and cents by currency. */
  readonly totals: Readonly<Record<string, readonly [string, number]>>;
  readonly included: string;
  readonly charged: Readonly<Record<string, string>>;
}

export function readState({ totals, included, charged }: StoredState): RunningState {
  const seconds = Object.entries(charged).map(([name, value]) => [name, parsePico(value)] as const);
  const money = Object.entries(totals).map(
    ([currency, [total, cents]]) => [currency, { total: parsePico(total), cents }] as const,
  );
  return { included: parsePico(included), charged: new Map(seconds), money: new Map(money) };
}
