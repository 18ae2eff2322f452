import type { LedgerEntry } from '../derivation/ledger';
import type { Members } from '../json';
import { DoesNotFollow } from '../problem';
import { readCard } from './card';
import { readPlan } from './plan';
import { checkStream, namedBy } from './streams';

export const PERIOD = /^[0-9]{4}-(0[1-9]|1[0-2])$/;

/** Reads an event that the ledger itself wrote; null if no amount depends on it. */
export function readLedgerEvent(
  stream: string,
  type: string,
  recorded_at: number,
  data: Members,
): LedgerEntry | null {
  switch (type) {
    case 'ledger.opened':
      checkStream(stream, 'ledger');
      return {
        type,
        recorded_at,
        billing_time_zone: zoneOf(data),
        rate_cards: cardsOf(data),
        plans: Object.fromEntries(
          data.entries('plans').map(([name, plan]) => [name, readPlan(plan)]),
        ),
      };
    case 'rate_card.published': {
      const card = readCard(data);
      checkStream(stream, `rate_card-${card.currency}`);
      return { type, recorded_at, card };
    }
    case 'plan.defined': {
      const plan = data.text('plan');
      checkStream(stream, `plan-${plan}`);
      return { type, recorded_at, plan, definition: readPlan(data) };
    }
    case 'plan.defaulted': {
      checkStream(stream, 'ledger');
      const effective_from = data.instant('effective_from');
      return { type, recorded_at, plan: data.text('plan'), effective_from };
    }
    case 'plan.assigned':
      return {
        type,
        recorded_at,
        user_id: namedBy(stream, 'account-'),
        plan: data.text('plan'),
        currency: data.textOrNull('currency'),
        effective_from: data.instant('effective_from'),
      };
    case 'usage.adjusted':
      return readAdjustment(namedBy(stream, 'account-'), recorded_at, data);
    case 'session.voided': {
      const [reason, author] = [data.text('reason'), data.text('author')];
      return { type, recorded_at, session_id: namedBy(stream, 'session-'), reason, author };
    }
    case 'billing_period.closed': {
      const period = data.matching('period', PERIOD, 'a month');
      checkStream(stream, `billing_period-${period}`);
      const [from, to] = [data.instant('from'), data.instant('to')];
      return { type, recorded_at, period, from, to, size: data.whole('size', 1) };
    }
    case 'ledger.restored':
    case 'ledger.continued':
      checkStream(stream, 'ledger');
      return null;
    case 'user.erased':
      namedBy(stream, 'account-');
      return null;
    default:
      throw new DoesNotFollow(
        `The event has the type ${type}, which this checker does not know: use the checker of a newer Minutebook.`,
      );
  }
}

function readAdjustment(user_id: string, recorded_at: number, data: Members): LedgerEntry {
  return {
    type: 'usage.adjusted',
    recorded_at,
    user_id,
    adjustment_id: data.text('adjustment_id'),
    period: data.matching('period', PERIOD, 'a month'),
    amount_cents: data.whole('amount_cents', -Number.MAX_SAFE_INTEGER),
    currency: data.text('currency'),
    reason: data.text('reason'),
    author: data.text('author'),
    reference: data.textOrNull('reference'),
    voids: data.textOrNull('voids'),
  };
}

function zoneOf(data: Members): string {
  const zone = data.text('billing_time_zone');
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
  } catch {
    throw new DoesNotFollow(`This Node.js does not know the time zone ${zone}.`);
  }
  return zone;
}

function cardsOf(data: Members) {
  const cards = data.objects('rate_cards').map(readCard);
  if (cards.length === 0) throw new DoesNotFollow('The ledger was opened without a rate card.');
  return cards;
}
