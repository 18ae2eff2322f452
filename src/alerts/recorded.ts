import { userOfFact } from '../domain/events/stored';
import {
  isLedgerEvent,
  LEDGER_EVENTS,
  readLedgerEvent,
  sessionOfStream,
  STREAM_BEGINNINGS,
  userOfStream,
  type LedgerEventType,
} from '../domain/ledger';
import type { StoredEvent } from '../event-store/port';
import type { WaitingRow } from '../read-model/rows';
import type { WaitingView } from '../read-model/views';
import type { Happening } from '../webhooks/happenings';

/** What some events affect, and what webhooks report about them. */
export interface Recorded {
  readonly users: ReadonlySet<string>;
  readonly sessions: ReadonlySet<string>;
  /** The sessions among them that were voided. A void does not name the user. */
  readonly voided: ReadonlySet<string>;
  /** Whether the agreement with all users may have changed. */
  readonly everyone: boolean;
  /** The cards among them: by currency, when the first one begins, in milliseconds since 1970. */
  readonly cards: ReadonlyMap<string, number>;
  readonly happenings: readonly Happening[];
}

/** Whether an event may change what all users owe or may use: prices and plans. */
const CONCERNS_EVERYONE: Readonly<Record<LedgerEventType, boolean>> = {
  'ledger.opened': false,
  'rate_card.published': true,
  'plan.defined': false,
  'plan.defaulted': true,
  'plan.assigned': false,
  'usage.adjusted': false,
  'session.voided': false,
  'billing_period.closed': false,
  'ledger.restored': false,
  'user.erased': false,
  'ledger.continued': false,
};

/** Finds out what some events affect. */
export function recordedIn(events: readonly StoredEvent[]): Recorded {
  const users = new Set<string>();
  const sessions = new Set<string>();
  const voided = new Set<string>();
  const happenings: Happening[] = [];
  const cards = new Map<string, number>();
  let everyone = false;
  for (const event of events) {
    const { stream, type } = event;
    if (isLedgerEvent(type) && CONCERNS_EVERYONE[type]) everyone = true;
    if (type === LEDGER_EVENTS.cardPublished) noteCard(event, cards);
    if (stream.startsWith(STREAM_BEGINNINGS.session)) {
      const session = sessionOfStream(stream);
      sessions.add(session);
      if (type === LEDGER_EVENTS.sessionVoided) voided.add(session);
      const user = userOfFact(event);
      if (user !== undefined) users.add(user);
    } else if (stream.startsWith(STREAM_BEGINNINGS.account)) {
      users.add(userOfStream(stream));
    }
    const happening = happeningOf(event);
    if (happening !== undefined) happenings.push(happening);
  }
  return { users, sessions, voided, everyone, cards, happenings };
}

function noteCard({ body }: StoredEvent, cards: Map<string, number>): void {
  const { currency, effective_from } = readLedgerEvent(LEDGER_EVENTS.cardPublished, body).data;
  const from = Date.parse(effective_from);
  cards.set(currency, Math.min(from, cards.get(currency) ?? from));
}

function happeningOf({
  type,
  stream,
  body,
  id,
  position,
  recordedAt,
}: StoredEvent): Happening | undefined {
  const of = { key: id, at: recordedAt };
  if (!isLedgerEvent(type)) return undefined;
  switch (type) {
    case 'usage.adjusted': {
      const { adjustment_id, ...adjusted } = readLedgerEvent(type, body).data;
      const user_id = userOfStream(stream);
      const told = { id: adjustment_id, user_id, ...adjusted, position: String(position) };
      return { ...of, type: 'minutebook.adjustment.recorded', data: told };
    }
    case 'billing_period.closed': {
      const told = { ...readLedgerEvent(type, body).data, position: String(position) };
      return { ...of, type: 'minutebook.billing_period.closed', data: told };
    }
    case 'user.erased': {
      const told = { user_id: userOfStream(stream), position: String(position) };
      return { ...of, type: 'minutebook.user.erased', data: told };
    }
    case 'ledger.opened':
    case 'ledger.restored':
    case 'ledger.continued':
    case 'rate_card.published':
    case 'plan.defined':
    case 'plan.defaulted':
    case 'plan.assigned':
    case 'session.voided':
      return undefined;
  }
}

/** Returns what webhooks report about a waiting attempt. */
export function waitingHappening(
  row: WaitingRow,
  type: 'minutebook.attempt.unrated' | 'minutebook.attempt.waiting',
  at: number,
): Happening {
  const view = JSON.parse(row.view) as WaitingView;
  const { session_id, attempt, position } = view;
  return { key: `${session_id} ${attempt} ${position}`, type, at, data: view };
}
