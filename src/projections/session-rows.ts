import type { Terms } from '../domain/account/terms';
import { billedPicos } from '../domain/billing/price';
import type { LogFacts } from '../domain/billing/usage-log';
import type { FactData } from '../domain/events/facts';
import { pico, printPico } from '../domain/pico';
import { priceEntryName, type RateCard } from '../domain/rating/rate-card';
import { describe, nextType, type Described } from '../domain/session/attempts';
import { printInstant } from '../domain/time';
import { NOTHING_PERSONAL } from '../read-model/log-rows';
import type { SessionRow, WaitingRow } from '../read-model/rows';
import type { AttemptView, SessionView } from '../read-model/views';
import { countsOf, failuresOf, type Failure } from './session-counts';
import {
  completedOf,
  usageLogId,
  type Completed,
  type ProjectedSession,
  type SessionRows,
} from './session-projection';
import { waitingOf } from './waiting-row';

/** Returns all rows that a session's facts give, before rating, and the session's own row. */
export function deriveRows(
  session: ProjectedSession,
  terms: Terms,
): { rows: SessionRows; row: SessionRow } {
  const completed = new Map<number, Completed>();
  const logs = new Map<number, LogFacts>();
  const waiting = new Map<number, WaitingRow>();
  let parent: string | null = null;
  for (const attempt of session.attempts) {
    const number = attempt.attempt;
    const frozen = session.frozen.get(number);
    if (frozen !== undefined) {
      parent ??= frozen.id;
      continue;
    }
    if (attempt.status !== 'completed') continue;
    const one = completedOf(session, attempt, terms);
    completed.set(number, one);
    if (one.result.status === 'log') {
      const draft = logOf(session, one, parent, terms);
      logs.set(number, draft);
      parent ??= draft.id;
    } else {
      waiting.set(number, waitingOf(session, one, terms));
    }
  }
  const failures = failuresOf(session, terms);
  const counts = countsOf(session, logs, failures);
  return {
    rows: { logs, waiting, counts },
    row: sessionRow(session, completed, failures, terms),
  };
}

function logOf(
  session: ProjectedSession,
  { attempt, card, result }: Completed,
  parent: string | null,
  terms: Terms,
): LogFacts {
  if (result.status !== 'log') throw new Error('Only an attempt that is not waiting has a log.');
  const outcome = attempt.outcome!;
  const { userId } = session;
  const period = terms.periodOf(outcome.time).period;
  const position = session.logged.get(attempt.attempt)!;
  const billed = terms.firstOpen(period);
  const erasedUpTo = terms.erasedUpTo(userId);
  const erased = position < erasedUpTo;
  const described = describedFields(describe(session.facts, attempt.attempt, erasedUpTo));
  return {
    id: usageLogId(session, attempt.attempt),
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
    billed_seconds: result.billable ? billedSecondsOf(outcome.data, card!) : '0',
    currency: terms.currency(userId, period),
    usage_period: period,
    billing_period: billed,
    late: billed !== period,
    plan: terms.plan(userId, outcome.time).plan,
    rate_card_id: card?.rate_card_id ?? null,
    started_at: attempt.startedAt === null ? null : printInstant(attempt.startedAt),
    completed_at: printInstant(outcome.time),
    channels: outcome.data.channels!,
    ...described,
    ...(erased ? NOTHING_PERSONAL : {}),
    position: String(position),
    erased,
  };
}

function billedSecondsOf(data: FactData, card: RateCard): string {
  const entry = card.prices[priceEntryName(card, data.stt_provider!)!]!;
  return printPico(billedPicos(entry, pico(data.duration_seconds!), data.channels!));
}

/** Returns the descriptive fields of a log; absent ones are null. */
export function describedFields(described: Described) {
  return {
    client_id: described.client_id ?? null,
    processing_time_seconds: described.processing_time_seconds ?? null,
    language: described.language ?? null,
    enable_diarization: described.enable_diarization ?? null,
    original_filename: described.original_filename ?? null,
    file_size_bytes: described.file_size_bytes ?? null,
    speaker_count: described.speaker_count ?? null,
    confidence_score: described.confidence_score ?? null,
    word_count: described.word_count ?? null,
    character_count: described.character_count ?? null,
    provider_metadata: described.provider_metadata ?? null,
    filename_in: described.filename_in ?? null,
    metadata_in: described.metadata_in ?? null,
  };
}

function sessionRow(
  session: ProjectedSession,
  completed: ReadonlyMap<number, Completed>,
  failures: readonly Failure[],
  terms: Terms,
): SessionRow {
  const attempts = session.attempts.map((attempt): AttemptView => {
    const result = completed.get(attempt.attempt)?.result;
    const frozen = session.frozen.get(attempt.attempt);
    return {
      attempt: attempt.attempt,
      status: result === undefined || result.status === 'log' ? attempt.status : result.status,
      transcription_type: frozen?.transcription_type ?? attempt.type,
      billable: frozen?.billable ?? (result?.status === 'log' ? result.billable : null),
      started_at: attempt.startedAt === null ? null : printInstant(attempt.startedAt),
      completed_at: attempt.status === 'completed' ? printInstant(attempt.outcome!.time) : null,
    };
  });
  const lastTime = session.facts.reduce<number | null>(
    (last, { time }) => Math.max(last ?? time, time),
    null,
  );
  const view: SessionView = {
    session_id: session.sessionId,
    user_id: lastTime === null ? null : session.userId,
    attempts,
    next: nextOf(session),
    last_time: lastTime,
  };
  // A late failure has the currency of the period in which it counts, which may begin after all facts. A change of
  // currency in that period must find the session.
  const counted = failures.map(({ period }) => terms.range(period).from);
  return {
    session_id: session.sessionId,
    user_id: session.userId,
    last_at: lastTime === null ? 0 : Math.max(lastTime, ...counted),
    ...oldestOpen(session),
    memory: JSON.stringify({ logged: Object.fromEntries(session.logged) }),
    view: JSON.stringify(view),
  };
}

/** Returns the attempt that has been open for longest, of those that a fact names. */
function oldestOpen({
  attempts,
  facts,
}: ProjectedSession): Pick<SessionRow, 'open_since' | 'open_attempt'> {
  let oldest: Pick<SessionRow, 'open_since' | 'open_attempt'> = {
    open_since: null,
    open_attempt: null,
  };
  for (const { attempt, status } of attempts) {
    if (status !== 'open') continue;
    // Infinity for an attempt that no fact names. It is open only because facts name a later one.
    const since = facts.reduce(
      (first, fact) => (fact.data.attempt === attempt ? Math.min(first, fact.time) : first),
      Infinity,
    );
    if (since < (oldest.open_since ?? Infinity)) {
      oldest = { open_since: since, open_attempt: attempt };
    }
  }
  return oldest;
}

/** Returns what the session says about the attempt after its last one. */
function nextOf({ attempts }: ProjectedSession): SessionView['next'] {
  return {
    attempt: attempts.length + 1,
    transcription_type: nextType(attempts),
    waits: attempts.some((attempt) => attempt.status === 'open'),
    succeeded: attempts.some(
      (attempt) => attempt.status === 'completed' && attempt.outcome!.data.duration_seconds !== '0',
    ),
  };
}
