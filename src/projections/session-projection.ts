import type { Terms } from '../domain/account/terms';
import { sessionStream, type RecordedFact, type StoredFact } from '../domain/events/facts';
import { readFact, unknownType } from '../domain/events/stored';
import { LEDGER_EVENTS } from '../domain/ledger';
import { classify, type Classification } from '../domain/rating/classify';
import type { RateCard } from '../domain/rating/rate-card';
import { DecidingFacts, type Attempt } from '../domain/session/attempts';
import { streamPages } from '../event-store/pages';
import type { EventStore, Position, StoredEvent } from '../event-store/port';
import type { SessionMemory, SessionRow, UsageLogRow, WaitingRow } from '../read-model/rows';
import type { LogFacts } from '../domain/billing/usage-log';

/** A session as the projection knows it: its facts since the last void, and the rows last written for it. */
export interface ProjectedSession {
  readonly sessionId: string;
  facts: RecordedFact[];
  /** About how much memory its facts take, in characters of text. */
  characters: number;
  /** Those of the facts that decide about the attempts. */
  deciding: DecidingFacts;
  /** How many times it has been voided. */
  voids: number;
  /** The user that its last fact names; for a voided session, that of the last fact before the void. */
  userId: string;
  /**
   * By attempt: the position of the first event after which it no longer waited. It stays if the attempt waits again;
   * only a void or a close can change it ({@link noteLogged}).
   */
  readonly logged: Map<number, number>;
  /** By attempt: the logs that count in closed periods. Nothing changes these fields; a void drops them. */
  readonly frozen: Map<number, FrozenLog>;
  attempts: Attempt[];
  written: SessionRows;
}

/** The fields that later steps still need of a log in a closed period. */
type FrozenLog = Pick<
  LogFacts,
  | 'id'
  | 'user_id'
  | 'billing_period'
  | 'currency'
  | 'transcription_type'
  | 'billable'
  | 'billing_reason'
>;

/** What a session contributes to the rows, besides its frozen logs. */
export interface SessionRows {
  readonly logs: ReadonlyMap<number, LogFacts>;
  readonly waiting: ReadonlyMap<number, WaitingRow>;
  /** The statements that the session is in, by `countKey`, with the failures reported in each. */
  readonly counts: ReadonlyMap<string, SessionCounts>;
}

export interface SessionCounts {
  readonly failures: number;
}

const NO_ROWS: SessionRows = { logs: new Map(), waiting: new Map(), counts: new Map() };

export function newSession(sessionId: string): ProjectedSession {
  return {
    sessionId,
    facts: [],
    characters: 0,
    deciding: new DecidingFacts(),
    voids: 0,
    userId: '',
    logged: new Map(),
    frozen: new Map(),
    attempts: [],
    written: NO_ROWS,
  };
}

/** Adds the next event of the session's stream. */
export function applyFact(session: ProjectedSession, fact: RecordedFact, terms: Terms): void {
  addTo(session, fact);
  session.userId = fact.data.user_id;
  session.attempts = session.deciding.attempts();
  noteLogged(session, terms, fact.position);
}

function addTo(session: ProjectedSession, fact: RecordedFact): void {
  session.facts.push(fact);
  session.characters += charactersOf(fact);
  session.deciding.add(fact);
}

/** Applies a void: the session's facts so far no longer count. */
export function applyVoid(session: ProjectedSession): void {
  session.facts = [];
  session.characters = 0;
  session.deciding = new DecidingFacts();
  session.voids += 1;
  session.attempts = [];
  session.logged.clear();
  session.frozen.clear();
}

/** A completed attempt, the card in force for it, and how it is classified. */
export interface Completed {
  readonly attempt: Attempt;
  readonly card: RateCard | undefined;
  readonly result: Classification;
}

/** Classifies a completed attempt under the terms. */
export function completedOf(session: ProjectedSession, attempt: Attempt, terms: Terms): Completed {
  const { time } = attempt.outcome!;
  const card = terms.card(terms.currency(session.userId, terms.periodOf(time).period), time);
  return { attempt, card, result: classify(attempt, card, isPaidAlready(session, attempt)) };
}

const FIRST_SUCCESS = 'first_success_after_failure';

/**
 * Returns whether a closed period already bills a later attempt as the first success: one success, one charge
 * (docs/reference/rules.md#close-9).
 */
function isPaidAlready(session: ProjectedSession, { attempt }: Attempt): boolean {
  for (const [number, log] of session.frozen) {
    if (number > attempt && log.billing_reason === FIRST_SUCCESS) return true;
  }
  return false;
}

/** Returns the position of the first close that bills a later attempt as the first success. */
function paidAt(session: ProjectedSession, { attempt }: Attempt, terms: Terms): number {
  const closes = [...session.frozen]
    .filter(([number, log]) => number > attempt && log.billing_reason === FIRST_SUCCESS)
    .map(([, log]) => terms.close(log.billing_period)!.position);
  return Math.min(...closes);
}

/**
 * Records which attempts stopped waiting with an event. If an attempt was waiting again when its period was closed, the
 * close did not count it. It then becomes a log again with the first event after that close.
 */
export function noteLogged(session: ProjectedSession, terms: Terms, position: number): void {
  for (const attempt of session.attempts) {
    const number = attempt.attempt;
    if (attempt.status !== 'completed' || session.frozen.has(number)) continue;
    const logged = session.logged.get(number);
    // A later position is that of a close that was folded early: this event may make the attempt a log before that.
    const isNoted = logged !== undefined && logged <= position;
    if (isNoted && !isClosedSince(attempt, logged, terms)) continue;
    const { card, result } = completedOf(session, attempt, terms);
    if (result.status !== 'log') continue;
    // Without the close that bills the first success, the attempt would still wait. So it is a log from that close on,
    // even if the event is before the close.
    const waited = classify(attempt, card, false).status !== 'log';
    session.logged.set(
      number,
      waited ? Math.max(position, paidAt(session, attempt, terms)) : position,
    );
  }
}

function isClosedSince(attempt: Attempt, position: number, terms: Terms): boolean {
  const { period } = terms.periodOf(attempt.outcome!.time);
  return terms.firstOpenAt(period, position) !== terms.firstOpen(period);
}

/** Moves logs in closed periods from the rows that may still change to the frozen ones. */
export function freeze(session: ProjectedSession, terms: Terms): void {
  const isOpen = (log: LogFacts) => terms.close(log.billing_period) === undefined;
  if ([...session.written.logs.values()].every(isOpen)) return;
  const logs = new Map<number, LogFacts>();
  for (const [attempt, log] of session.written.logs) {
    if (isOpen(log)) logs.set(attempt, log);
    else session.frozen.set(attempt, log);
  }
  session.written = { ...session.written, logs };
}

/** Reads a session again, as it was before a position: its facts from its stream, its frozen logs from their rows. */
export async function loadSession(
  store: Pick<EventStore, 'readStream'>,
  row: SessionRow,
  logs: readonly UsageLogRow[],
  before: number,
  terms: Terms,
): Promise<ProjectedSession> {
  const session = newSession(row.session_id);
  session.userId = row.user_id;
  for await (const event of streamBefore(store, sessionStream(row.session_id), before)) {
    const fact = toRecordedFact(event);
    if (fact !== undefined) addTo(session, fact);
    else if (event.type === LEDGER_EVENTS.sessionVoided) applyVoid(session);
    else throw unknownType(event);
  }
  session.attempts = session.deciding.attempts();
  const memory = JSON.parse(row.memory) as SessionMemory;
  for (const [attempt, position] of Object.entries(memory.logged)) {
    session.logged.set(Number(attempt), position);
  }
  for (const log of logs) {
    if (terms.close(log.billing_period) === undefined) continue;
    if (log.id === usageLogId(session, log.attempt)) {
      session.frozen.set(log.attempt, { ...log, billable: log.billable === 1 });
    }
  }
  return session;
}

async function* streamBefore(
  store: Pick<EventStore, 'readStream'>,
  stream: string,
  position: number,
): AsyncGenerator<StoredEvent> {
  for await (const page of streamPages(store, stream)) {
    for (const event of page) {
      if (event.position >= position) return;
      yield event;
    }
  }
}

/**
 * Returns the id of an attempt's usage log: readable, stable, and ordered so that finding a session's logs needs no
 * other index.
 */
export function usageLogId(
  session: Pick<ProjectedSession, 'sessionId' | 'voids'>,
  attempt: number,
): string {
  const parts = [session.sessionId, attempt];
  if (session.voids > 0) parts.push(session.voids);
  // V8 stores the result of `join` as one string, and that of a template as three. Many ids are kept in memory.
  return parts.join('~');
}

/** Returns the fact in an event; `undefined` if the event is not a fact of a session. */
export function toRecordedFact(event: StoredEvent): RecordedFact | undefined {
  const fact = readFact(event.type, event.body);
  return fact && { ...withoutUnshown(fact), position: event.position satisfies Position };
}

/** The personal fields that logs show. */
const SHOWN = ['original_filename', 'provider_metadata'] as const;

/** Drops personal values that no log shows: they may have a MiB, and sessions are kept in memory. */
function withoutUnshown(fact: StoredFact): StoredFact {
  const { sealed, personal } = fact;
  if (sealed !== undefined) {
    return SHOWN.some((name) => sealed.fields.includes(name))
      ? fact
      : { ...fact, sealed: undefined };
  }
  if (personal.extensions === undefined) return fact;
  return { ...fact, personal: { ...personal, extensions: undefined } };
}

/** Everything that a fact holds, except its personal values. */
const USUAL_CHARACTERS = 1_000;
const LARGEST_UNSEALED = 20_000;

/** Returns about how much memory a fact takes ({@link ProjectedSession.characters}). */
export function charactersOf({ sealed, personal }: StoredFact): number {
  if (sealed !== undefined) return USUAL_CHARACTERS + sealed.sealed.length;
  return USUAL_CHARACTERS + (personal.provider_metadata === undefined ? 0 : LARGEST_UNSEALED);
}
