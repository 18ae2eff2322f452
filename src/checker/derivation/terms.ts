import type { Card } from './cards';
import type { Close, History } from './history';
import { monthBefore, monthOf, monthStart, nextMonth } from './months';
import { Rational } from './rational';

const SIXTY = Rational.of(60);

interface Plan {
  readonly name: string;
  readonly includedSeconds: Rational;
}

/** What was agreed, according to the events so far: cards, plans, assignments, closed periods. */
export interface Terms {
  readonly zone: string;
  readonly closes: readonly Close[];
  periodOf(instant: number): string;
  /** Returns the first period, from the given one on, that is not closed. */
  firstOpen(period: string): string;
  currencyOf(user: string, period: string): string;
  cardAt(currency: string, instant: number): Card | null;
  planAt(user: string, instant: number): Plan;
}

/**
 * Returns the item with the latest `from` not after an instant; of equal ones, the later in ledger order
 * (docs/reference/rules.md#force-1).
 */
function inForce<T>(all: readonly T[], from: (one: T) => number, instant: number): T | null {
  let best: T | null = null;
  for (const one of all) {
    if (from(one) <= instant && (best === null || from(one) >= from(best))) best = one;
  }
  return best;
}

/** Returns what was agreed within the first `n` events. */
export function termsAt(history: History, n: number): Terms {
  const { zone } = history;
  const known = <T extends { readonly index: number }>(all: readonly T[]): readonly T[] =>
    all.length === 0 || all.at(-1)!.index < n ? all : all.filter((one) => one.index < n);
  const closes = known(history.closes);
  const closed = new Set(closes.map((one) => one.period));
  const cards = known(history.cards);

  // A closed period keeps the bounds that its close named, also for facts from before the close, and the periods beside
  // it begin and end there (docs/reference/rules.md#month-3).
  const named = (period: string) => history.closes.find((one) => one.period === period);
  const isIn = (period: string, instant: number) => {
    const own = named(period);
    const from = own?.from ?? named(monthBefore(period))?.to ?? monthStart(period, zone);
    const next = nextMonth(period);
    const to = own?.to ?? named(next)?.from ?? monthStart(next, zone);
    return from <= instant && instant < to;
  };
  const periodOf = (instant: number) => {
    const found = monthOf(instant, zone);
    const near = [found, monthBefore(found), nextMonth(found)];
    return near.find((period) => isIn(period, instant)) ?? found;
  };
  const firstOpen = (period: string): string =>
    closed.has(period) ? firstOpen(nextMonth(period)) : period;

  return {
    zone,
    closes,
    periodOf,
    firstOpen,
    // The latest assignment that names a currency, and takes effect in or before the period, decides for the whole
    // period (docs/reference/rules.md#force-3).
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
