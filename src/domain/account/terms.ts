import { BillingZone } from '../billing-period/zone';
import type { LedgerOpened } from '../ledger';
import { DEFAULT_PLAN, type Plan } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';

/**
 * What was agreed with the users, as of a place in the ledger: cards, plans, the zone of months. Asks of it
 * are by moment, in milliseconds since 1970.
 */
export class Terms {
  readonly zone: BillingZone;
  /** By currency, in the order in which they come into force. */
  private readonly cards = new Map<string, { card: RateCard; from: number }[]>();

  constructor(private readonly opened: LedgerOpened) {
    this.zone = new BillingZone(opened.billing_time_zone);
    for (const card of opened.rate_cards) this.addCard(card);
  }

  get defaultCurrency(): string {
    return this.opened.rate_cards[0]!.currency;
  }

  /** The card of a currency with the latest `effective_from` not after the moment; of equals, the later in ledger order. */
  card(currency: string, moment: number): RateCard | undefined {
    const cards = this.cards.get(currency) ?? [];
    for (let index = cards.length - 1; index >= 0; index -= 1) {
      if (cards[index]!.from <= moment) return cards[index]!.card;
    }
    return undefined;
  }

  /** A card by its id, `undefined` if there is none. */
  cardById(id: string): RateCard | undefined {
    for (const cards of this.cards.values()) {
      const found = cards.find(({ card }) => card.rate_card_id === id);
      if (found !== undefined) return found.card;
    }
    return undefined;
  }

  /** The user's plan at a moment. */
  plan(_userId: string, _moment: number): Plan {
    return this.planByName(DEFAULT_PLAN)!;
  }

  /** The currency of the user's whole period. */
  currency(_userId: string, _period: string): string {
    return this.defaultCurrency;
  }

  planByName(name: string): Plan | undefined {
    if (!Object.hasOwn(this.opened.plans, name)) return undefined;
    return { plan: name, ...this.opened.plans[name]! };
  }

  private addCard(card: RateCard): void {
    const from = Date.parse(card.effective_from);
    const cards = this.cards.get(card.currency) ?? [];
    // Behind every card that comes into force no later: of equals the later in ledger order counts.
    const place = cards.findLastIndex((other) => other.from <= from) + 1;
    cards.splice(place, 0, { card, from });
    this.cards.set(card.currency, cards);
  }
}
