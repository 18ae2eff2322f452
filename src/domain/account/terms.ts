import { addMonths, BillingZone, type BillingPeriod } from '../billing-period/zone';
import type { PlanAssigned } from '../ledger';
import { DEFAULT_PLAN, type Plan } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';
import { NO_ACCOUNT, type Account, type Agreement, type Close } from './agreement';

/** Looks up what was agreed with a user, whenever the user's plan or currency is needed. */
export type AccountOf = (userId: string) => Account;

/**
 * What was agreed, as of a place in the ledger: cards, plans, the zone of months, closed periods. Queries
 * are by moment, in milliseconds since 1970.
 */
export class Terms {
  readonly zone: BillingZone;
  /** By currency, in the order in which they come into force. */
  private readonly cards = new Map<string, { card: RateCard; from: number }[]>();
  private readonly closes: ReadonlyMap<string, Close>;
  private readonly byId: ReadonlyMap<string, RateCard>;

  constructor(
    readonly agreement: Agreement,
    private readonly accountOf: AccountOf = () => NO_ACCOUNT,
  ) {
    this.zone = BillingZone.named(agreement.opened.billing_time_zone);
    this.closes = new Map(agreement.closes.map((close) => [close.period, close]));
    this.byId = new Map(agreement.cards.map((card) => [card.rate_card_id, card]));
    for (const card of agreement.cards) this.addCard(card);
  }

  /** The same agreement for other users. */
  withAccounts(accountOf: AccountOf): Terms {
    return new Terms(this.agreement, accountOf);
  }

  get defaultCurrency(): string {
    return this.agreement.cards[0]!.currency;
  }

  /** Whether any card is of this currency. */
  hasCurrency(currency: string): boolean {
    return this.cards.has(currency);
  }

  /** The card of a currency with the latest `effective_from` not after the moment; if equal, the later in ledger order. */
  card(currency: string, moment: number): RateCard | undefined {
    const cards = this.cards.get(currency) ?? [];
    for (let index = cards.length - 1; index >= 0; index -= 1) {
      if (cards[index]!.from <= moment) return cards[index]!.card;
    }
    return undefined;
  }

  /** A card by its id, `undefined` if there is none. */
  cardById(id: string): RateCard | undefined {
    return this.byId.get(id);
  }

  /** The user's plan at a moment: the assigned one, else the default at that moment. */
  plan(userId: string, moment: number): Plan {
    const { assignments } = this.accountOf(userId);
    const name =
      inForce(assignments, moment)?.plan ??
      inForce(this.agreement.defaults, moment)?.plan ??
      DEFAULT_PLAN;
    return this.planByName(name)!;
  }

  /**
   * The currency of the user's whole period: that of the latest assignment that names one and takes effect in the
   * period or before.
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

  /** The position of the user's last erasure, 0 if there was none: what facts before it held of the user is gone. */
  erasedUpTo(userId: string): number {
    return this.accountOf(userId).erasure?.position ?? 0;
  }

  /** The period of an instant. A closed one keeps the instants that its close named. */
  periodOf(instant: number): BillingPeriod {
    const found = this.zone.periodOf(instant);
    if (this.closes.size === 0) return found;
    for (const step of [0, -1, 1]) {
      const period = addMonths(found.period, step);
      const close = this.closes.get(period);
      if (close === undefined) continue;
      const from = Date.parse(close.from);
      const to = Date.parse(close.to);
      if (from <= instant && instant < to) return { period, from, to };
    }
    return found;
  }

  /** The instants of a period: those that its close named, once it is closed. */
  range(period: string): BillingPeriod {
    const close = this.closes.get(period);
    if (close === undefined) return this.zone.period(period);
    return { period, from: Date.parse(close.from), to: Date.parse(close.to) };
  }

  close(period: string): Close | undefined {
    return this.closes.get(period);
  }

  /** The first period from this one on that is not closed. */
  firstOpen(period: string): string {
    return this.firstOpenAt(period, Infinity);
  }

  /** The first period from this one on that was not closed before a position. */
  firstOpenAt(period: string, position: number): string {
    let open = period;
    while ((this.closes.get(open)?.counted ?? Infinity) < position) open = addMonths(open, 1);
    return open;
  }

  private addCard(card: RateCard): void {
    const from = Date.parse(card.effective_from);
    const cards = this.cards.get(card.currency) ?? [];
    // After every card that comes into force no later: if equal, the later in ledger order counts.
    const place = cards.findLastIndex((other) => other.from <= from) + 1;
    cards.splice(place, 0, { card, from });
    this.cards.set(card.currency, cards);
  }
}

/** The currency that a user has from an assignment on: the one that it names, else the user's own at that time. */
export function assignedCurrency(
  terms: Terms,
  userId: string,
  account: Account,
  assigned: PlanAssigned,
): string {
  const { period } = terms.periodOf(Date.parse(assigned.effective_from));
  return terms.withAccounts(() => account).currency(userId, period);
}

/** The latest of what has taken effect at a moment; if equal, the later in ledger order. */
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
