import {
  LEDGER_EVENTS,
  readLedgerEvent,
  userOfStream,
  type LedgerEventType,
  type PeriodClosed,
  type UsageAdjusted,
} from '../domain/ledger';
import type { StoredEvent } from '../event-store/port';

/**
 * Checks the stored events against the rules of finance's endpoints: no plan, card, adjustment or close occurs twice,
 * every plan is defined before it is used, and no adjustment is in a closed period. Finance writes little, so all of it
 * is kept in memory.
 */
export class LedgerRules {
  private readonly plans = new Set<string>(['free']);
  private readonly cards = new Set<string>();
  /** The user of each adjustment, by id. */
  private readonly adjustments = new Map<string, string>();
  private readonly closed = new Set<string>();

  /** Checks the next of the ledger's own events. Returns a sentence if it breaks a rule. */
  take(event: StoredEvent, type: LedgerEventType): string | undefined {
    switch (type) {
      case LEDGER_EVENTS.opened: {
        const { plans, rate_cards } = readLedgerEvent(type, event.body).data;
        for (const plan of Object.keys(plans)) this.plans.add(plan);
        for (const card of rate_cards) this.cards.add(card.rate_card_id);
        return undefined;
      }
      case LEDGER_EVENTS.cardPublished: {
        const { rate_card_id } = readLedgerEvent(type, event.body).data;
        return once(
          this.cards,
          rate_card_id,
          `The rate card ${rate_card_id} was already published.`,
        );
      }
      case LEDGER_EVENTS.planDefined: {
        const { plan } = readLedgerEvent(type, event.body).data;
        return once(this.plans, plan, `The plan ${plan} was already defined, and never changes.`);
      }
      case LEDGER_EVENTS.planDefaulted:
      case LEDGER_EVENTS.planAssigned: {
        const { plan } = readLedgerEvent(type, event.body).data;
        return this.plans.has(plan) ? undefined : `The plan ${plan} was never defined.`;
      }
      case LEDGER_EVENTS.usageAdjusted:
        return this.adjust(userOfStream(event.stream), readLedgerEvent(type, event.body).data);
      case LEDGER_EVENTS.periodClosed:
        return this.close(readLedgerEvent(type, event.body).data, event.recordedAt);
      case LEDGER_EVENTS.restored:
      case LEDGER_EVENTS.continued:
      case LEDGER_EVENTS.sessionVoided:
      case LEDGER_EVENTS.userErased:
        return undefined;
    }
  }

  private adjust(
    userId: string,
    { adjustment_id, period, voids }: UsageAdjusted,
  ): string | undefined {
    if (this.adjustments.has(adjustment_id)) {
      return `The adjustment ${adjustment_id} was already made.`;
    }
    this.adjustments.set(adjustment_id, userId);
    if (this.closed.has(period)) return `It adjusts ${period}, which was already closed.`;
    if (voids !== null && this.adjustments.get(voids) !== userId) {
      return `It voids the adjustment ${voids}, which this user does not have.`;
    }
    return undefined;
  }

  private close({ period, to }: PeriodClosed, recordedAt: number): string | undefined {
    if (this.closed.has(period)) return `The period ${period} was already closed.`;
    this.closed.add(period);
    return Date.parse(to) > recordedAt ? `The period ${period} was not over yet.` : undefined;
  }
}

function once(known: Set<string>, name: string, detail: string): string | undefined {
  if (known.has(name)) return detail;
  known.add(name);
  return undefined;
}
