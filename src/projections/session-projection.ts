import type { Terms } from '../domain/account/terms';
import type { RecordedFact } from '../domain/events/facts';
import { readFact } from '../domain/events/stored';
import { classify } from '../domain/rating/classify';
import { deriveAttempts, type Attempt } from '../domain/session/attempts';
import { MAX_PAGE, type EventStore, type Position, type StoredEvent } from '../event-store/port';
import type { SessionMemory, WaitingRow } from '../read-model/rows';
import type { LogDraft } from './log-draft';

/** A session as the projection knows it: its facts so far, and what was last written of it. */
export interface ProjectedSession {
  readonly sessionId: string;
  readonly facts: RecordedFact[];
  /** By attempt: the position of the first event after which it no longer waited. Kept for ever. */
  readonly logged: Map<number, number>;
  attempts: Attempt[];
  written: SessionRows;
}

/** What a session contributes to the rows. */
export interface SessionRows {
  readonly logs: ReadonlyMap<number, LogDraft>;
  readonly waiting: ReadonlyMap<number, WaitingRow>;
  /** Failures that a `failed` fact tells of, and whether the session is in the statement, by statement. */
  readonly counts: ReadonlyMap<string, SessionCounts>;
}

export interface SessionCounts {
  readonly failures: number;
}

const NO_ROWS: SessionRows = { logs: new Map(), waiting: new Map(), counts: new Map() };

export function newSession(sessionId: string): ProjectedSession {
  return { sessionId, facts: [], logged: new Map(), attempts: [], written: NO_ROWS };
}

/** The session's user: named by its first fact. */
export function userOf(session: ProjectedSession): string {
  return session.facts[0]!.data.user_id;
}

/** Adds the next event of the session's stream, and notes which attempts stopped waiting with it. */
export function applyFact(session: ProjectedSession, fact: RecordedFact, terms: Terms): void {
  session.facts.push(fact);
  session.attempts = deriveAttempts(session.facts);
  for (const attempt of session.attempts) {
    if (attempt.status !== 'completed' || session.logged.has(attempt.attempt)) continue;
    const card = cardOf(attempt, userOf(session), terms);
    if (classify(attempt, card).status === 'log') {
      session.logged.set(attempt.attempt, fact.position);
    }
  }
}

/** The card in force for a completed attempt. */
export function cardOf(attempt: Attempt, userId: string, terms: Terms) {
  const time = attempt.outcome!.time;
  return terms.card(terms.currency(userId, terms.zone.periodOf(time).period), time);
}

/** Reads a session again, as it was before an event of its stream. */
export async function loadSession(
  store: Pick<EventStore, 'readStream'>,
  before: StoredEvent,
  sessionId: string,
  memory: SessionMemory,
): Promise<ProjectedSession> {
  const session = newSession(sessionId);
  for (let revision = 0; revision < before.revision;) {
    const limit = Math.min(MAX_PAGE, before.revision - revision);
    const page = await store.readStream(before.stream, revision, limit);
    if (page.length === 0) {
      throw new Error(
        `The stream of session ${sessionId} ends before revision ${before.revision}. The event store lost events: stop and look at it.`,
      );
    }
    for (const event of page) {
      const fact = toRecordedFact(event);
      if (fact !== undefined) session.facts.push(fact);
    }
    revision += page.length;
  }
  session.attempts = deriveAttempts(session.facts);
  for (const [attempt, position] of Object.entries(memory.logged)) {
    session.logged.set(Number(attempt), position);
  }
  return session;
}

/** `undefined` for an event that is no fact of a session. */
export function toRecordedFact(event: StoredEvent): RecordedFact | undefined {
  const fact = readFact(event.type, event.body);
  return fact && { ...fact, position: event.position satisfies Position };
}
