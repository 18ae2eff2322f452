import type { Database } from 'better-sqlite3';

import type { LedgerOpened } from '../../domain/ledger';
import {
  CheckpointMovedError,
  type Checkpoint,
  type LogPlace,
  type RowChanges,
  type RowStore,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageLogRow,
} from '../rows';
import { BILLING, type CheckpointRow } from '../tables';

const LOG_COLUMNS = [
  'id',
  'session_id',
  'attempt',
  'user_id',
  'billing_period',
  'currency',
  'late_position',
  'completed_at',
  'stt_provider',
  'transcription_type',
  'view',
  'after',
] as const;

const IN_STATEMENT = 'user_id = ? AND billing_period = ? AND currency = ?';
const PLACE = '(late_position, completed_at, session_id, attempt)';

/**
 * The projector's side of a SQLite read model, on prepared statements: it writes every row of a rebuild, where a
 * query builder costs as much as the write itself. Rows and checkpoint move in one transaction.
 */
export class SqliteRowStore implements RowStore {
  private readonly statements;
  private readonly transaction: (
    changes: RowChanges,
    next: Checkpoint,
    expectedPosition: number,
  ) => void;
  private ledger: LedgerOpened | null = null;

  constructor(db: Database) {
    this.statements = {
      checkpoint: db.prepare<[string], CheckpointRow>('SELECT * FROM checkpoints WHERE name = ?'),
      move: db.prepare(
        'UPDATE checkpoints SET position = ?, size = ?, recorded_at = ? WHERE name = ? AND position = ?',
      ),
      setLedger: db.prepare('UPDATE checkpoints SET ledger = ? WHERE name = ?'),
      session: db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE session_id = ?'),
      statement: db.prepare<[string, string, string], StatementRow>(
        'SELECT * FROM statements WHERE user_id = ? AND period = ? AND currency = ?',
      ),
      logsFrom: db.prepare<unknown[], UsageLogRow>(
        `SELECT * FROM usage_logs WHERE ${IN_STATEMENT} AND ${PLACE} >= (?, ?, ?, ?)
         ORDER BY late_position, completed_at, session_id, attempt`,
      ),
      logBefore: db.prepare<unknown[], UsageLogRow>(
        `SELECT * FROM usage_logs WHERE ${IN_STATEMENT} AND ${PLACE} < (?, ?, ?, ?)
         ORDER BY late_position DESC, completed_at DESC, session_id DESC, attempt DESC LIMIT 1`,
      ),
      putSession: db.prepare(
        `INSERT INTO sessions (session_id, user_id, memory, view) VALUES (?, ?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET
           user_id = excluded.user_id, memory = excluded.memory, view = excluded.view`,
      ),
      putLog: db.prepare(
        `INSERT INTO usage_logs (${LOG_COLUMNS.join(', ')}) VALUES (${LOG_COLUMNS.map(() => '?').join(', ')})
         ON CONFLICT (id) DO UPDATE SET
           ${LOG_COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      ),
      putWaiting: db.prepare(
        `INSERT INTO waiting (session_id, attempt, user_id, completed_at, view) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (session_id, attempt) DO UPDATE SET
           user_id = excluded.user_id, completed_at = excluded.completed_at, view = excluded.view`,
      ),
      putStatement: db.prepare(
        `INSERT INTO statements (user_id, period, currency, tail, summary) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_id, period, currency) DO UPDATE SET
           tail = excluded.tail, summary = excluded.summary`,
      ),
      removeLog: db.prepare('DELETE FROM usage_logs WHERE id = ?'),
      removeWaiting: db.prepare('DELETE FROM waiting WHERE session_id = ? AND attempt = ?'),
      removeStatement: db.prepare(
        'DELETE FROM statements WHERE user_id = ? AND period = ? AND currency = ?',
      ),
    };
    const transaction = db.transaction(
      (changes: RowChanges, next: Checkpoint, expectedPosition: number) =>
        this.write(changes, next, expectedPosition),
    );
    this.transaction = (...all) => transaction.immediate(...all);
  }

  checkpoint(): Promise<Checkpoint> {
    return attempt(() => {
      const row = this.statements.checkpoint.get(BILLING)!;
      this.ledger = row.ledger === null ? null : (JSON.parse(row.ledger) as LedgerOpened);
      const { position, size, recorded_at } = row;
      return { position, size, recorded_at, ledger: this.ledger };
    });
  }

  commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    return attempt(() => {
      this.transaction(changes, next, expectedPosition);
      this.ledger = next.ledger;
    });
  }

  session(sessionId: string): Promise<SessionRow | undefined> {
    return attempt(() => this.statements.session.get(sessionId));
  }

  statement(key: StatementKey): Promise<StatementRow | undefined> {
    return attempt(() => this.statements.statement.get(key.user_id, key.period, key.currency));
  }

  logsFrom(key: StatementKey, from: LogPlace): Promise<readonly UsageLogRow[]> {
    return attempt(() => this.statements.logsFrom.all(...statementPlace(key, from)));
  }

  logBefore(key: StatementKey, place: LogPlace): Promise<UsageLogRow | undefined> {
    return attempt(() => this.statements.logBefore.get(...statementPlace(key, place)));
  }

  private write(changes: RowChanges, next: Checkpoint, expectedPosition: number): void {
    const put = this.statements;
    const { position, size, recorded_at } = next;
    const moved = put.move.run(position, size, recorded_at, BILLING, expectedPosition);
    if (moved.changes !== 1) throw new CheckpointMovedError();
    if (next.ledger !== this.ledger) put.setLedger.run(JSON.stringify(next.ledger), BILLING);
    for (const id of changes.removedLogs) put.removeLog.run(id);
    for (const key of changes.removedWaiting) put.removeWaiting.run(key.session_id, key.attempt);
    for (const key of changes.removedStatements) {
      put.removeStatement.run(key.user_id, key.period, key.currency);
    }
    for (const row of changes.sessions) {
      put.putSession.run(row.session_id, row.user_id, row.memory, row.view);
    }
    for (const row of changes.usageLogs) put.putLog.run(...LOG_COLUMNS.map((name) => row[name]));
    for (const row of changes.waiting) {
      put.putWaiting.run(row.session_id, row.attempt, row.user_id, row.completed_at, row.view);
    }
    for (const row of changes.statements) {
      put.putStatement.run(row.user_id, row.period, row.currency, row.tail, row.summary);
    }
  }
}

function statementPlace(key: StatementKey, place: LogPlace): unknown[] {
  return [
    key.user_id,
    key.period,
    key.currency,
    place.late_position,
    place.completed_at,
    place.session_id,
    place.attempt,
  ];
}

/** A promise of synchronous work; what it throws rejects it. */
async function attempt<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
