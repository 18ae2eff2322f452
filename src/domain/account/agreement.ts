import {
  readLedgerEvent,
  type LedgerEventType,
  type LedgerOpened,
  type PeriodClosed,
  type PlanAssigned,
  type PlanDefaulted,
} from '../ledger';
import type { Plans } from '../plan/plan';
import type { RateCard } from '../rating/rate-card';
import { checkKnownCard, checkKnownPlan } from './known-terms';

/**
 * A closed period, with the position of the event that closed it. `counted` is the position of the last event that the
 * close counts. Later events are late, even those before the close itself.
 */
export interface Close extends PeriodClosed {
  readonly position: number;
  readonly counted: number;
  readonly closed_at: string;
}

/** What finance said about the ledger as a whole. It grows with prices and months, not with usage, so it is small. */
export interface Agreement {
  readonly opened: LedgerOpened;
  /** In ledger order, starting with the cards that the ledger opened with. */
  readonly cards: readonly RateCard[];
  readonly plans: Plans;
  readonly defaults: readonly PlanDefaulted[];
  readonly closes: readonly Close[];
  /** How many erasures there were, of any user; left out if none. */
  readonly erasures?: number;
}

/** What was agreed with one user, in ledger order. */
export interface Account {
  readonly assignments: readonly PlanAssigned[];
  /** The user's last erasure; left out if there was none. */
  readonly erasure?: AccountErasure;
}

/** The event that recorded an erasure. */
interface AccountErasure {
  readonly position: number;
  readonly erased_at: string;
}

export const NO_ACCOUNT: Account = { assignments: [] };

/**
 * Reads an agreement that a read model keeps. A newer version with the same tables may have filled it.
 * @throws Error if it has a card or plan with a field or word that this program does not know.
 */
export function readAgreement(json: string): Agreement {
  const agreement = JSON.parse(json) as Agreement;
  checkKnown(agreement.cards, agreement.plans);
  return agreement;
}

function checkKnown(cards: readonly RateCard[], plans: Plans): void {
  for (const card of cards) checkKnownCard(card);
  for (const [name, plan] of Object.entries(plans)) checkKnownPlan(name, plan);
}

/** The agreement that a ledger opens with. @throws Error if this program does not know all of it. */
function openAgreement(opened: LedgerOpened): Agreement {
  checkKnown(opened.rate_cards, opened.plans);
  return { opened, cards: opened.rate_cards, plans: opened.plans, defaults: [], closes: [] };
}

/**
 * Returns the agreement after one of the ledger's own events; the same object if the event does not change it.
 * @param counted the position of the last event that a close counts: the last of its first `size` events. Other events
 * ignore it.
 * @throws Error if the event has a version, or a card or plan with a field, that this program does not know.
 */
export function evolveAgreement(
  agreement: Agreement | null,
  event: { type: LedgerEventType; body: string; position: number; recordedAt: string },
  counted: number,
): Agreement {
  if (event.type === 'ledger.opened') {
    return agreement ?? openAgreement(readLedgerEvent(event.type, event.body).data);
  }
  if (agreement === null) {
    throw new Error(
      `The ledger has an event of type ${event.type} before its first one, ledger.opened. It was not written by Minutebook.`,
    );
  }
  switch (event.type) {
    case 'rate_card.published': {
      const card = readLedgerEvent(event.type, event.body).data;
      checkKnownCard(card);
      return { ...agreement, cards: [...agreement.cards, card] };
    }
    case 'plan.defined': {
      const { plan, ...terms } = readLedgerEvent(event.type, event.body).data;
      checkKnownPlan(plan, terms);
      return { ...agreement, plans: { ...agreement.plans, [plan]: terms } };
    }
    case 'plan.defaulted': {
      const defaulted = readLedgerEvent(event.type, event.body).data;
      return { ...agreement, defaults: [...agreement.defaults, defaulted] };
    }
    case 'billing_period.closed': {
      const { data } = readLedgerEvent(event.type, event.body);
      const { position, recordedAt: closed_at } = event;
      const close = { ...data, position, counted, closed_at };
      return { ...agreement, closes: [...agreement.closes, close] };
    }
    case 'user.erased':
      return { ...agreement, erasures: (agreement.erasures ?? 0) + 1 };
    case 'plan.assigned':
    case 'usage.adjusted':
    case 'session.voided':
    case 'ledger.restored':
    case 'ledger.continued':
      return agreement;
  }
}
