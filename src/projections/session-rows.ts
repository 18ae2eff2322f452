import type { Terms } from '../domain/account/terms';
import { print } from '../domain/money';
import { classify, priceEntryName, type Classification } from '../domain/rating/classify';
import type { RateCard } from '../domain/rating/rate-card';
import { EMPTY_STATEMENT, rateLog } from '../domain/rating/statement';
import { describe, nextType, type Attempt } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import type { SessionRow, StatementKey, WaitingRow } from '../read-model/rows';
import type { AttemptView, SessionView, WaitingView } from '../read-model/views';
import { describedFields, statementOf, type LogDraft } from './log-draft';
import {
  cardOf,
  userOf,
  type ProjectedSession,
  type SessionCounts,
  type SessionRows,
} from './session-projection';

interface Completed {
  readonly attempt: Attempt;
  readonly card: RateCard | undefined;
  readonly result: Classification;
}

/** All rows that a session's facts make, before rating; and its own row. */
export function deriveRows(
  session: ProjectedSession,
  terms: Terms,
): { rows: SessionRows; row: SessionRow } {
  const completed = new Map<number, Completed>();
  for (const attempt of session.attempts) {
    if (attempt.status !== 'completed') continue;
    const card = cardOf(attempt, userOf(session), terms);
    completed.set(attempt.attempt, { attempt, card, result: classify(attempt, card) });
  }
  const logs = new Map<number, LogDraft>();
  const waiting = new Map<number, WaitingRow>();
  let parent: string | null = null;
  for (const one of completed.values()) {
    const number = one.attempt.attempt;
    if (one.result.status === 'log') {
      const draft = draftOf(session, one, parent, terms);
      logs.set(number, draft);
      parent ??= draft.id;
    } else {
      waiting.set(number, waitingOf(session, one, terms));
    }
  }
  const counts = countsOf(session, logs, terms);
  return { rows: { logs, waiting, counts }, row: sessionRow(session, completed, terms) };
}

/** The id of an attempt's usage log: readable, stable, in no need of an index of its own. */
function usageLogId(sessionId: string, attempt: number): string {
  return `${sessionId}~${attempt}`;
}

function draftOf(
  session: ProjectedSession,
  { attempt, result }: Completed,
  parent: string | null,
  terms: Terms,
): LogDraft {
  if (result.status !== 'log') throw new Error('Only an attempt that is not waiting has a log.');
  const outcome = attempt.outcome!;
  const userId = userOf(session);
  const period = terms.zone.periodOf(outcome.time).period;
  return {
    id: usageLogId(session.sessionId, attempt.attempt),
    session_id: session.sessionId,
    user_id: userId,
    attempt: attempt.attempt,
    retry_count: attempt.attempt - 1,
    transcription_type: attempt.type!,
    billable: result.billable,
    billing_reason: result.reason,
    parent_log_id: parent,
    stt_provider: outcome.data.stt_provider!,
    duration_seconds: outcome.data.duration_seconds!,
    currency: terms.currency(userId, period),
    usage_period: period,
    billing_period: period,
    late: false,
    started_at: attempt.startedAt === null ? null : printInstant(attempt.startedAt),
    completed_at: printInstant(outcome.time),
    channels: outcome.data.channels!,
    ...describedFields(describe(session.facts, attempt.attempt)),
    position: String(session.logged.get(attempt.attempt)!),
  };
}

function waitingOf(
  session: ProjectedSession,
  { attempt, card, result }: Completed,
  terms: Terms,
): WaitingRow {
  const outcome = attempt.outcome!;
  const userId = userOf(session);
  const view: Omit<WaitingView, 'age_seconds'> = {
    status: result.status as 'pending' | 'unrated',
    user_id: userId,
    session_id: session.sessionId,
    attempt: attempt.attempt,
    stt_provider: outcome.data.stt_provider!,
    duration_seconds: outcome.data.duration_seconds!,
    completed_at: printInstant(outcome.time),
    value_at_risk: valueAtRisk(attempt, card),
    currency: terms.currency(userId, terms.zone.periodOf(outcome.time).period),
    position: String(outcome.position),
  };
  return {
    session_id: session.sessionId,
    attempt: attempt.attempt,
    user_id: userId,
    completed_at: outcome.time,
    view: JSON.stringify(view),
  };
}

/** The cost of an attempt billed alone, at the first tier and without allowance; `null` without a price. */
function valueAtRisk(attempt: Attempt, card: RateCard | undefined): string | null {
  const data = attempt.outcome!.data;
  const name = card && priceEntryName(card, data.stt_provider!);
  if (card === undefined || name === undefined) return null;
  const entry = card.prices[name]!;
  const tiers = entry.tiers?.slice(0, 1).map((tier) => ({ ...tier, up_to_minutes: null }));
  const alone = { ...card, prices: { [name]: tiers ? { ...entry, tiers } : entry } };
  const rated = rateLog(
    EMPTY_STATEMENT,
    {
      billable: true,
      provider: data.stt_provider!,
      durationSeconds: data.duration_seconds!,
      channels: data.channels!,
      speakerCount: data.speaker_count ?? null,
      confidenceScore: data.confidence_score ?? null,
      card: alone,
      includedMinutes: '0',
    },
    new Map(),
  );
  return print(rated.cost);
}

/** A statement's key as one text: neither users, periods nor currencies hold a blank. */
export function keyText(key: StatementKey): string {
  return `${key.user_id} ${key.period} ${key.currency}`;
}

export function parseKey(text: string): StatementKey {
  const [user_id, period, currency] = text.split(' ') as [string, string, string];
  return { user_id, period, currency };
}

/** The statements that a session is in, with its failures there: those that a `failed` fact tells of. */
function countsOf(
  session: ProjectedSession,
  logs: ReadonlyMap<number, LogDraft>,
  terms: Terms,
): Map<string, SessionCounts> {
  const counts = new Map<string, SessionCounts>();
  for (const draft of logs.values()) counts.set(keyText(statementOf(draft)), { failures: 0 });
  for (const { outcome } of session.attempts) {
    if (outcome?.kind !== 'failed') continue;
    const user_id = userOf(session);
    const { period } = terms.zone.periodOf(outcome.time);
    const key = keyText({ user_id, period, currency: terms.currency(user_id, period) });
    counts.set(key, { failures: (counts.get(key)?.failures ?? 0) + 1 });
  }
  return counts;
}

function sessionRow(
  session: ProjectedSession,
  completed: ReadonlyMap<number, Completed>,
  terms: Terms,
): SessionRow {
  const userId = userOf(session);
  const attempts = session.attempts.map((attempt): AttemptView => {
    const result = completed.get(attempt.attempt)?.result;
    return {
      attempt: attempt.attempt,
      status: result === undefined || result.status === 'log' ? attempt.status : result.status,
      transcription_type: attempt.type,
      billable: result?.status === 'log' ? result.billable : null,
      started_at: attempt.startedAt === null ? null : printInstant(attempt.startedAt),
      completed_at: attempt.status === 'completed' ? printInstant(attempt.outcome!.time) : null,
    };
  });
  const view: SessionView = {
    session_id: session.sessionId,
    user_id: userId,
    currency: terms.currency(userId, periodShown(session, terms)),
    attempts,
    next_attempt: nextAttempt(session, terms),
  };
  return {
    session_id: session.sessionId,
    user_id: userId,
    memory: JSON.stringify({ logged: Object.fromEntries(session.logged) }),
    view: JSON.stringify(view),
  };
}

/** A session without logs speaks of the currency of its last fact's period. */
function periodShown(session: ProjectedSession, terms: Terms): string {
  const last = Math.max(...session.facts.map((fact) => fact.time));
  return terms.zone.periodOf(last).period;
}

/** What the attempt after the last one would be; `null` what is not yet known. */
function nextAttempt(session: ProjectedSession, terms: Terms): SessionView['next_attempt'] {
  const type = nextType(session.attempts);
  const attempt = session.attempts.length + 1;
  if (type === null) return { attempt, transcription_type: null, billable: null };
  return { attempt, transcription_type: type, billable: nextBillable(session, type, terms) };
}

function nextBillable(session: ProjectedSession, type: string, terms: Terms): boolean | null {
  if (type !== 'retry_failed') return true;
  const period = periodShown(session, terms);
  const last = Math.max(...session.facts.map((fact) => fact.time));
  const card = terms.card(terms.currency(userOf(session), period), last);
  if (card === undefined) return null;
  if (card.retry_after_failure !== 'bill_first_success') return card.retry_after_failure === 'bill';
  if (session.attempts.some((attempt) => attempt.status === 'open')) return null;
  return !session.attempts.some(
    (attempt) => attempt.status === 'completed' && attempt.outcome!.data.duration_seconds !== '0',
  );
}
