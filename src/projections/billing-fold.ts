import { Terms } from '../domain/account/terms';
import type { RecordedFact } from '../domain/events/facts';
import { LEDGER_OPENED, readLedgerEvent, type LedgerOpened } from '../domain/ledger';
import type { EventStore, StoredEvent } from '../event-store/port';
import type {
  Checkpoint,
  RowChanges,
  RowReader,
  SessionMemory,
  StatementKey,
  UsageLogRow,
  WaitingKey,
  WaitingRow,
} from '../read-model/rows';
import { BoundedMap } from './bounded-map';
import { placeOf, statementOf, type LogDraft } from './log-draft';
import { rateChanges, type LogChanges } from './rate-changes';
import {
  applyFact,
  loadSession,
  newSession,
  toRecordedFact,
  type ProjectedSession,
} from './session-projection';
import { deriveRows, keyText, parseKey } from './session-rows';
import { Statement } from './statement-projection';

const CACHED_SESSIONS = 10_000;
const CACHED_STATEMENTS = 10_000;

interface StatementChanges extends LogChanges {
  sessions: number;
  failures: number;
}

/** Rows to write, while they are gathered. */
type Gathered = { -readonly [K in keyof RowChanges]: RowChanges[K][number][] };

/**
 * Folds pages of events into rows: sessions, usage logs, what waits, and statements with their sums. Which rows
 * come out depends on the events alone, never on where a page ends. What it keeps in memory is a cache of rows
 * and streams; {@link reset} drops it.
 */
export class BillingFold {
  private readonly sessions = new BoundedMap<string, ProjectedSession>(CACHED_SESSIONS);
  private readonly statements = new BoundedMap<string, Statement>(CACHED_STATEMENTS);
  private terms: Terms | undefined;

  constructor(
    private readonly store: Pick<EventStore, 'readStream'>,
    private readonly reader: RowReader,
  ) {}

  /** Forgets what it holds in memory: after a commit that failed, what was written is to be read again. */
  reset(): void {
    this.sessions.clear();
    this.statements.clear();
    this.terms = undefined;
  }

  /** The rows that events change, and the checkpoint after them. */
  async fold(
    events: readonly StoredEvent[],
    checkpoint: Checkpoint,
  ): Promise<{ changes: RowChanges; next: Checkpoint }> {
    let ledger = checkpoint.ledger;
    let recordedAt = checkpoint.recorded_at;
    const dirty = new Map<string, ProjectedSession>();
    for (const event of events) {
      recordedAt = Math.max(recordedAt, event.recordedAt);
      if (event.type === LEDGER_OPENED) {
        ledger ??= readLedgerEvent<LedgerOpened>(event.type, event.body);
      } else {
        const fact = toRecordedFact(event);
        if (fact !== undefined) await this.take(event, fact, dirty, this.termsOf(ledger));
      }
    }
    const next: Checkpoint = {
      position: events[events.length - 1]!.position,
      size: checkpoint.size + events.length,
      recorded_at: recordedAt,
      ledger,
    };
    const changes = dirty.size === 0 ? noRows() : await this.flush(dirty, this.termsOf(ledger));
    return { changes, next };
  }

  private termsOf(ledger: LedgerOpened | null): Terms {
    if (ledger === null) {
      throw new Error(
        `The ledger has facts before its first event, ${LEDGER_OPENED}. It was not written by Minutebook.`,
      );
    }
    return (this.terms ??= new Terms(ledger));
  }

  private async take(
    event: StoredEvent,
    fact: RecordedFact,
    dirty: Map<string, ProjectedSession>,
    terms: Terms,
  ): Promise<void> {
    const sessionId = fact.data.session_id;
    let session = dirty.get(sessionId);
    if (session === undefined) {
      session = this.sessions.get(sessionId) ?? (await this.load(event, sessionId, terms));
      dirty.set(sessionId, session);
      this.sessions.set(sessionId, session);
    }
    applyFact(session, fact, terms);
  }

  private async load(
    event: StoredEvent,
    sessionId: string,
    terms: Terms,
  ): Promise<ProjectedSession> {
    // The first event of a stream needs no reading: there was nothing before it.
    if (event.revision === 0) return newSession(sessionId);
    const row = await this.reader.session(sessionId);
    if (row === undefined) return newSession(sessionId);
    const memory = JSON.parse(row.memory) as SessionMemory;
    const session = await loadSession(this.store, event, sessionId, memory);
    session.written = deriveRows(session, terms).rows;
    return session;
  }

  private async flush(dirty: Map<string, ProjectedSession>, terms: Terms): Promise<RowChanges> {
    const gathered = noRows();
    const touched = new Map<string, StatementChanges>();
    for (const session of dirty.values()) this.flushSession(session, terms, gathered, touched);
    for (const [text, changes] of touched) {
      await this.flushStatement(parseKey(text), text, changes, terms, gathered);
    }
    return gathered;
  }

  private flushSession(
    session: ProjectedSession,
    terms: Terms,
    gathered: Gathered,
    touched: Map<string, StatementChanges>,
  ): void {
    const before = session.written;
    const { rows: after, row } = deriveRows(session, terms);
    session.written = after;
    gathered.sessions.push(row);
    for (const [attempt, draft] of after.logs) {
      const old = before.logs.get(attempt);
      if (old !== undefined && JSON.stringify(old) === JSON.stringify(draft)) continue;
      if (old !== undefined && moved(old, draft)) removeLog(old, touched);
      changesOf(touched, keyText(statementOf(draft))).put.push(draft);
    }
    for (const [attempt, old] of before.logs) {
      if (after.logs.has(attempt)) continue;
      removeLog(old, touched);
      gathered.removedLogs.push(old.id);
    }
    for (const waiting of after.waiting.values()) gathered.waiting.push(waiting);
    for (const [attempt, waiting] of before.waiting) {
      if (!after.waiting.has(attempt))
        gathered.removedWaiting.push({ session_id: waiting.session_id, attempt });
    }
    for (const [key, counts] of after.counts) {
      const changes = changesOf(touched, key);
      changes.failures += counts.failures;
      changes.sessions += 1;
    }
    for (const [key, counts] of before.counts) {
      const changes = changesOf(touched, key);
      changes.failures -= counts.failures;
      changes.sessions -= 1;
    }
  }

  private async flushStatement(
    key: StatementKey,
    text: string,
    changes: StatementChanges,
    terms: Terms,
    gathered: Gathered,
  ): Promise<void> {
    const logsChange = changes.put.length + changes.removed.length > 0;
    if (!logsChange && changes.sessions === 0 && changes.failures === 0) return;
    const statement = this.statements.get(text) ?? (await this.readStatement(key));
    this.statements.set(text, statement);
    statement.sessions += changes.sessions;
    statement.failures += changes.failures;
    if (logsChange) {
      for (const row of await rateChanges(statement, changes, terms, this.reader)) {
        gathered.usageLogs.push(row);
      }
    }
    if (statement.isEmpty) gathered.removedStatements.push(key);
    else gathered.statements.push(statement.toRow());
  }

  private async readStatement(key: StatementKey): Promise<Statement> {
    const row = await this.reader.statement(key);
    return row === undefined ? new Statement(key) : Statement.read(row);
  }
}

function moved(old: LogDraft, draft: LogDraft): boolean {
  return keyText(statementOf(old)) !== keyText(statementOf(draft));
}

function removeLog(old: LogDraft, touched: Map<string, StatementChanges>): void {
  changesOf(touched, keyText(statementOf(old))).removed.push({ id: old.id, place: placeOf(old) });
}

function changesOf(touched: Map<string, StatementChanges>, key: string): StatementChanges {
  let changes = touched.get(key);
  if (changes === undefined) {
    changes = { put: [], removed: [], sessions: 0, failures: 0 };
    touched.set(key, changes);
  }
  return changes;
}

function noRows(): Gathered {
  return {
    sessions: [],
    usageLogs: [] as UsageLogRow[],
    waiting: [] as WaitingRow[],
    statements: [],
    removedLogs: [],
    removedWaiting: [] as WaitingKey[],
    removedStatements: [],
  } satisfies Record<keyof Gathered, unknown[]>;
}
