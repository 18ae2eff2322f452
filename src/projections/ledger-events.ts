import { assignedCurrency, type Terms } from '../domain/account/terms';
import {
  readLedgerEvent,
  sessionOfStream,
  userOfStream,
  type LedgerEventType,
} from '../domain/ledger';
import { printInstant } from '../domain/time';
import type { StoredEvent } from '../event-store/port';
import type { SessionOfUser } from '../read-model/rows';
import { adjustmentRow } from './adjustments';
import type { FoldState } from './fold-state';
import type { FoldedRows } from './folded-rows';
import { requestRow } from './request-row';
import { applyVoid, noteLogged } from './session-projection';
import { keepClosedCounts } from './session-counts';
import { SESSIONS_A_TURN, Turns } from './turns';

/** How many sessions are read ahead at once. */
const SESSIONS_AHEAD = 500;
/** How many users' accounts are read ahead at once. */
const USERS_AHEAD = 500;

/** Folds one of the ledger's own events into rows. `terms` are those after the event. */
export async function foldLedgerEvent(
  event: StoredEvent,
  type: LedgerEventType,
  fold: FoldState,
  rows: FoldedRows,
  terms: Terms,
): Promise<void> {
  // The answer to an assignment holds more than its event does. `assign` adds the request once it knows the whole
  // answer.
  if (type !== 'plan.assigned') addRequest(event, type, {}, rows);
  switch (type) {
    case 'rate_card.published': {
      const card = readLedgerEvent(type, event.body).data;
      const from = Date.parse(card.effective_from);
      const sessions = await rows.reader.sessionsFrom(from, fold.onlyUser);
      return rederive(event, await ofCurrency(card.currency, sessions, fold), fold, rows);
    }
    case 'plan.defaulted': {
      const { effective_from } = readLedgerEvent(type, event.body).data;
      return rederiveFrom(event, Date.parse(effective_from), undefined, fold, rows);
    }
    case 'plan.assigned':
      return assign(event, fold, rows);
    case 'usage.adjusted': {
      const { data } = readLedgerEvent(type, event.body);
      return rows.adjust(adjustmentRow(userOfStream(event.stream), data, event, terms), data);
    }
    case 'session.voided':
      return voidSession(event, fold, rows);
    case 'billing_period.closed': {
      // The closed period no longer changes. If it bills an attempt as the first success, earlier attempts of that
      // session whose logs are in open periods become free.
      const { period } = readLedgerEvent(type, event.body).data;
      return rederive(event, await rows.reader.sessionsSplitBy(period), fold, rows);
    }
    case 'user.erased':
      return erase(event, fold, rows);
    case 'ledger.opened':
    case 'plan.defined':
    case 'ledger.restored':
    case 'ledger.continued':
      return undefined;
  }
}

function addRequest(
  event: StoredEvent,
  type: LedgerEventType,
  complete: object,
  rows: FoldedRows,
): void {
  const request = requestRow(event, type, complete);
  if (request !== undefined) rows.addRequest(request);
}

async function assign(event: StoredEvent, fold: FoldState, rows: FoldedRows): Promise<void> {
  const { data } = readLedgerEvent('plan.assigned', event.body);
  const userId = userOfStream(event.stream);
  const terms = await fold.termsFor(userId);
  const before = fold.accountOf(userId);
  const account = { ...before, assignments: [...before.assignments, data] };
  fold.setAccount(userId, account);
  rows.addAccount({ user_id: userId, account: JSON.stringify(account) });
  const currency = assignedCurrency(terms, userId, account, data);
  addRequest(event, 'plan.assigned', { currency }, rows);
  // A currency holds for the whole of the period in which it takes effect.
  const from = Date.parse(data.effective_from);
  const since = data.currency === null ? from : terms.periodOf(from).from;
  await rederiveFrom(event, since, userId, fold, rows);
}

/** Folds an erasure. Nothing is rated again: no amount depends on personal values. */
async function erase(event: StoredEvent, fold: FoldState, rows: FoldedRows): Promise<void> {
  const userId = userOfStream(event.stream);
  await fold.termsFor(userId);
  const { position } = event;
  const erasure = { position, erased_at: printInstant(event.recordedAt) };
  const account = { ...fold.accountOf(userId), erasure };
  fold.setAccount(userId, account);
  rows.addAccount({ user_id: userId, account: JSON.stringify(account) });
  fold.forgetSessions();
  rows.erase(userId);
}

/** Derives and rates again the sessions that a change from a moment on may affect. */
async function rederiveFrom(
  event: StoredEvent,
  from: number,
  userId: string | undefined,
  fold: FoldState,
  rows: FoldedRows,
): Promise<void> {
  const sessions = await rows.reader.sessionsFrom(from, userId);
  await rederive(event, idsOf(sessions), fold, rows);
}

/** Returns the ids of those sessions whose users have the currency in some period. A card concerns no others. */
async function ofCurrency(
  currency: string,
  sessions: readonly SessionOfUser[],
  fold: FoldState,
): Promise<string[]> {
  const users = [...new Set(sessions.map(({ user_id }) => user_id))];
  const having = new Set<string>();
  for (let at = 0; at < users.length; at += USERS_AHEAD) {
    const some = users.slice(at, at + USERS_AHEAD);
    await fold.expect(new Map(), some);
    for (const userId of some) {
      const { defaultCurrency } = await fold.termsFor(userId);
      const { assignments } = fold.accountOf(userId);
      if (currency === defaultCurrency || assignments.some((one) => one.currency === currency)) {
        having.add(userId);
      }
    }
  }
  return idsOf(sessions.filter(({ user_id }) => having.has(user_id)));
}

function idsOf(sessions: readonly SessionOfUser[]): string[] {
  return sessions.map(({ session_id }) => session_id);
}

async function rederive(
  event: StoredEvent,
  sessionIds: readonly string[],
  fold: FoldState,
  rows: FoldedRows,
): Promise<void> {
  const turns = new Turns(SESSIONS_A_TURN);
  for (const [at, sessionId] of sessionIds.entries()) {
    if (at % SESSIONS_AHEAD === 0) {
      const next = sessionIds.slice(at, at + SESSIONS_AHEAD);
      await fold.expect(new Map(next.map((id) => [id, event.position])));
    }
    const session = (await fold.session(sessionId, event.position))!;
    if (session.facts.length === 0) continue;
    const terms = await fold.termsFor(session.userId);
    noteLogged(session, terms, event.position);
    rows.put(session, terms);
    await fold.derivedAgain(rows);
    if (turns.isOver()) await turns.pass();
  }
}

async function voidSession(event: StoredEvent, fold: FoldState, rows: FoldedRows): Promise<void> {
  const session = await fold.session(sessionOfStream(event.stream), event.position);
  if (session === undefined) throw new Error('A session that no fact names was voided.');
  const terms = await fold.termsFor(session.userId);
  keepClosedCounts(session, terms);
  applyVoid(session);
  rows.put(session, terms);
}
