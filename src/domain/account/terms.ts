import { addMonths, BillingZone, type BillingPeriod } from '../billing-period/zone';
import type { PeriodClosed, PlanAssigned } from '../ledger';
import { DEFAULT_PLAN, type Plan } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';
import { NO_ACCOUNT, type Account, type Agreement, type Close } from './agreement';

/** Returns the bounds that a close names. */
export function boundsOf({ period, from, to }: PeriodClosed): BillingPeriod {
  return { period, from: Date.parse(from), to: Date.parse(to) };
}

/** Looks up a user's account, each time the user's plan or currency is needed. */
export type AccountOf = (userId: string) => Account;

/**
 * The agreement and accounts as of a position in the ledger: cards, plans, time zone, closed periods. Each query names
 * a moment, in milliseconds since 1970.
 */
export class Terms {
  readonly zone: BillingZone;
  /** By currency, in the order in which the cards come into force. */
  private readonly cards = new Map<string, { card: RateCard; from: number }[]>();
  private readonly closes: ReadonlyMap<string, Close>;
  /** The bounds that closes name. */
  private readonly named: ReadonlyMap<string, BillingPeriod>;
  private readonly byId: ReadonlyMap<string, RateCard>;

  constructor(
    readonly agreement: Agreement,
    private readonly accountOf: AccountOf = () => NO_ACCOUNT,
    /** The bounds of closed periods whose closes are not in the agreement yet. */
    private readonly ahead: readonly BillingPeriod[] = [],
  ) {
    this.zone = BillingZone.named(agreement.opened.billing_time_zone);
    this.closes = new Map(agreement.closes.map((close) => [close.period, close]));
    const named = [...ahead, ...agreement.closes.map(boundsOf)];
    this.named = new Map(named.map((bounds) => [bounds.period, bounds]));
    this.byId = new Map(agreement.cards.map((card) => [card.rate_card_id, card]));
    for (const card of agreement.cards) this.addCard(card);
  }

  /** Returns the same agreement with other accounts. */
  withAccounts(accountOf: AccountOf): Terms {
    return new Terms(this.agreement, accountOf, this.ahead);
  }

  get defaultCurrency(): string {
    return this.agreement.cards[0]!.currency;
  }

  /** Returns whether any card has this currency. */
  hasCurrency(currency: string): boolean {
    return this.cards.has(currency);
  }

  /**
   * Returns a currency's card with the latest `effective_from` not after the moment; of equal ones, the later in ledger
   * order.
   */
  card(currency: string, moment: number): RateCard | undefined {
    const cards = this.cards.get(currency) ?? [];
    for (let index = cards.length - 1; index >= 0; index -= 1) {
      if (cards[index]!.from <= moment) return cards[index]!.card;
    }
    return undefined;
  }

  /** Returns a card by its id, or `undefined`. */
  cardById(id: string): RateCard | undefined {
    return this.byId.get(id);
  }

  /** Returns the user's plan at a moment: the assigned one, else the default at that moment. */
  plan(userId: string, moment: number): Plan {
    const { assignments } = this.accountOf(userId);
    const name =
      inForce(assignments, moment)?.plan ??
      inForce(this.agreement.defaults, moment)?.plan ??
      DEFAULT_PLAN;
    return this.planByName(name)!;
  }

  /**
   * Returns the user's currency for a whole period: from the latest assignment that names a currency and takes effect
   * in or before the period, else the default currency.
   */
  currency(userId: string, period: string): string {
    const { assignments } = this.accountOf(userId);
    if (assignments.length === 0) return this.defaultCurrency;
    const naming = assignments.filter(
      (one) =>
        one.currency !== null && this.periodOf(Date.parse(one.effective_from)).period <= period,
    );
    return inForce(naming, Infinity)?.currency ?? this.defaultCurrency;
  }

  planByName(name: string): Plan | undefined {
    if (!Object.hasOwn(this.agreement.plans, name)) return undefined;
    return { plan: name, ...this.agreement.plans[name]! };
  }

  /** Returns the position of the user's last erasure, or 0. Personal values in facts before it are gone. */
  erasedUpTo(userId: string): number {
    return this.accountOf(userId).erasure?.position ?? 0;
  }

  /** Returns the period that an instant is in. */
  periodOf(instant: number): BillingPeriod {
    const found = this.zone.periodOf(instant);
    if (this.named.size === 0) return found;
    for (const step of [0, -1, 1]) {
      const range = this.range(addMonths(found.period, step));
      if (range.from <= instant && instant < range.to) return range;
    }
    return found;
  }

  /**
   * Returns the bounds of a period. A closed period keeps those that its close named, and the periods beside it begin
   * and end there, whatever today's time zone data say (docs/reference/rules.md#month-3).
   */
  range(period: string): BillingPeriod {
    const named = this.named.get(period);
    if (named !== undefined) return named;
    const found = this.zone.period(period);
    const from = this.named.get(addMonths(period, -1))?.to ?? found.from;
    const to = this.named.get(addMonths(period, 1))?.from ?? found.to;
    return from === found.from && to === found.to ? found : { period, from, to };
  }

  close(period: string): Close | undefined {
    return this.closes.get(period);
  }

  /** Returns the first period, from the given one on, that is not closed. */
  firstOpen(period: string): string {
    return this.firstOpenAt(period, Infinity);
  }

  /** Returns the first period, from the given one on, that was still open at a position. */
  firstOpenAt(period: string, position: number): string {
    let open = period;
    while ((this.closes.get(open)?.counted ?? Infinity) < position) open = addMonths(open, 1);
    return open;
  }

  private addCard(card: RateCard): void {
    const from = Date.parse(card.effective_from);
    const cards = this.cards.get(card.currency) ?? [];
    // A card goes after all cards with the same or an earlier date: of equal dates, the later in ledger order counts.
    const place = cards.findLastIndex((other) => other.from <= from) + 1;
    cards.splice(place, 0, { card, from });
    this.cards.set(card.currency, cards);
  }
}

/**
 * Returns the currency that a user has from an assignment on: the one it names, else the one the user had at that time.
 */
export function assignedCurrency(
  terms: Terms,
  userId: string,
  account: Account,
  assigned: PlanAssigned,
): string {
  const { period } = terms.periodOf(Date.parse(assigned.effective_from));
  return terms.withAccounts(() => account).currency(userId, period);
}

/** Returns the latest item in effect at a moment; of equal ones, the later in ledger order. */
function inForce<T extends { readonly effective_from: string }>(
  all: readonly T[],
  moment: number,
): T | undefined {
  let best: T | undefined;
  for (const one of all) {
    if (Date.parse(one.effective_from) > moment) continue;
    if (best === undefined || Date.parse(one.effective_from) >= Date.parse(best.effective_from)) {
      best = one;
    }
  }
  return best;
}
