import type { Database } from 'better-sqlite3';

import type { Agreement } from '../../domain/account/agreement';
import {
  CheckpointMovedError,
  type AccountRow,
  type Checkpoint,
  type LogPlace,
  type MerkleTileRow,
  type RowChanges,
  type RowStore,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageLogRow,
} from '../rows';
import { BILLING, TABLE_KEYS, type CheckpointRow } from '../tables';

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

const IN_STATEMENT = 'user_id = ? AND billing_period = ?';
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
  private readonly empty: () => void;
  private agreement: Agreement | null = null;

  constructor(db: Database) {
    this.statements = {
      checkpoint: db.prepare<[string], CheckpointRow>('SELECT * FROM checkpoints WHERE name = ?'),
      move: db.prepare(
        'UPDATE checkpoints SET position = ?, size = ?, recorded_at = ?, edge = ? WHERE name = ? AND position = ?',
      ),
      setAgreement: db.prepare('UPDATE checkpoints SET agreement = ? WHERE name = ?'),
      session: db.prepare<[string], SessionRow>('SELECT * FROM sessions WHERE session_id = ?'),
      sessionsFrom: db
        .prepare<[number], string>('SELECT session_id FROM sessions WHERE last_at >= ?')
        .pluck(),
      userSessionsFrom: db
        .prepare<[number, string], string>(
          'SELECT session_id FROM sessions WHERE last_at >= ? AND user_id = ?',
        )
        .pluck(),
      sessionsSplitBy: db
        .prepare<[string], string>(
          `SELECT DISTINCT late.session_id FROM usage_logs AS late
           WHERE late.billing_period = ? AND late.transcription_type = 'retry_failed'
             AND EXISTS (SELECT 1 FROM usage_logs AS early
               WHERE early.id >= late.session_id || '~' AND early.id < late.session_id || '~\u007f'
                 AND early.attempt < late.attempt
                 AND early.billing_period <> late.billing_period)
           ORDER BY late.session_id`,
        )
        .pluck(),
      // `~` is in no session's id, and every log's id begins with its session's and one.
      sessionLogs: db.prepare<[string, string], UsageLogRow>(
        'SELECT * FROM usage_logs WHERE id >= ? AND id < ?',
      ),
      account: db.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE user_id = ?'),
      statement: db.prepare<[string, string], StatementRow>(
        'SELECT * FROM statements WHERE user_id = ? AND period = ?',
      ),
      logsFrom: db.prepare<unknown[], UsageLogRow>(
        `SELECT * FROM usage_logs WHERE ${IN_STATEMENT} AND ${PLACE} >= (?, ?, ?, ?)
         ORDER BY late_position, completed_at, session_id, attempt`,
      ),
      logBefore: db.prepare<unknown[], UsageLogRow>(
        `SELECT * FROM usage_logs WHERE ${IN_STATEMENT} AND ${PLACE} < (?, ?, ?, ?)
         ORDER BY late_position DESC, completed_at DESC, session_id DESC, attempt DESC LIMIT 1`,
      ),
      merkleTile: db.prepare<[number, number], MerkleTileRow>(
        'SELECT * FROM merkle_tiles WHERE level = ? AND number = ?',
      ),
      putSession: db.prepare(
        `INSERT INTO sessions (session_id, user_id, last_at, open_since, open_attempt, memory, view)
         VALUES (?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (session_id) DO UPDATE SET user_id = excluded.user_id,
           last_at = excluded.last_at, open_since = excluded.open_since,
           open_attempt = excluded.open_attempt, memory = excluded.memory, view = excluded.view`,
      ),
      putLog: db.prepare(
        `INSERT INTO usage_logs (${LOG_COLUMNS.join(', ')}) VALUES (${LOG_COLUMNS.map((name) => `@${name}`).join(', ')})
         ON CONFLICT (id) DO UPDATE SET
           ${LOG_COLUMNS.map((name) => `${name} = excluded.${name}`).join(', ')}`,
      ),
      putWaiting: db.prepare(
        `INSERT INTO waiting (session_id, attempt, user_id, completed_at, view) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (session_id, attempt) DO UPDATE SET
           user_id = excluded.user_id, completed_at = excluded.completed_at, view = excluded.view`,
      ),
      putStatement: db.prepare(
        `INSERT INTO statements (user_id, period, tail, summaries) VALUES (?, ?, ?, ?)
         ON CONFLICT (user_id, period) DO UPDATE SET
           tail = excluded.tail, summaries = excluded.summaries`,
      ),
      putAccount: db.prepare(
        `INSERT INTO accounts (user_id, account) VALUES (?, ?)
         ON CONFLICT (user_id) DO UPDATE SET account = excluded.account`,
      ),
      putAdjustment: db.prepare(
        `INSERT INTO adjustments (id, user_id, billing_period, currency, voids, position, view)
         VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ),
      putRequest: db.prepare(
        'INSERT INTO requests (scope, key, digest, answer) VALUES (?, ?, ?, ?)',
      ),
      putMerkleTile: db.prepare(
        `INSERT INTO merkle_tiles (level, number, hashes, after_position, after_recorded_at)
         VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (level, number) DO UPDATE SET hashes = excluded.hashes`,
      ),
      removeLog: db.prepare('DELETE FROM usage_logs WHERE id = ?'),
      removeWaiting: db.prepare('DELETE FROM waiting WHERE session_id = ? AND attempt = ?'),
      removeStatement: db.prepare('DELETE FROM statements WHERE user_id = ? AND period = ?'),
    };
    const transaction = db.transaction(
      (changes: RowChanges, next: Checkpoint, expectedPosition: number) =>
        this.write(changes, next, expectedPosition),
    );
    this.transaction = (...all) => transaction.immediate(...all);
    const empty = db.transaction(() => {
      for (const table of Object.keys(TABLE_KEYS)) {
        if (table !== 'checkpoints') db.exec(`DELETE FROM ${table}`);
      }
      db.exec(
        "UPDATE checkpoints SET position = 0, size = 0, recorded_at = 0, edge = '', agreement = NULL",
      );
    });
    this.empty = () => empty.immediate();
  }

  checkpoint(): Promise<Checkpoint> {
    return attempt(() => {
      const row = this.statements.checkpoint.get(BILLING)!;
      this.agreement = row.agreement === null ? null : (JSON.parse(row.agreement) as Agreement);
      const { position, size, recorded_at } = row;
      const edge = row.edge === '' ? [] : row.edge.split(' ');
      return { position, size, recorded_at, edge, agreement: this.agreement };
    });
  }

  commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    return attempt(() => {
      this.transaction(changes, next, expectedPosition);
      this.agreement = next.agreement;
    });
  }

  clear(): Promise<void> {
    return attempt(() => {
      this.empty();
      this.agreement = null;
    });
  }

  session(sessionId: string): Promise<SessionRow | undefined> {
    return attempt(() => this.statements.session.get(sessionId));
  }

  statement(key: StatementKey): Promise<StatementRow | undefined> {
    return attempt(() => this.statements.statement.get(key.user_id, key.period));
  }

  sessionsFrom(from: number, userId?: string): Promise<readonly string[]> {
    return attempt(() =>
      userId === undefined
        ? this.statements.sessionsFrom.all(from)
        : this.statements.userSessionsFrom.all(from, userId),
    );
  }

  sessionsSplitBy(period: string): Promise<readonly string[]> {
    return attempt(() => this.statements.sessionsSplitBy.all(period));
  }

  sessionLogs(sessionId: string): Promise<readonly UsageLogRow[]> {
    return attempt(() => this.statements.sessionLogs.all(`${sessionId}~`, `${sessionId}~\u007f`));
  }

  account(userId: string): Promise<AccountRow | undefined> {
    return attempt(() => this.statements.account.get(userId));
  }

  merkleTile(level: number, number: number): Promise<MerkleTileRow | undefined> {
    return attempt(() => this.statements.merkleTile.get(level, number));
  }

  logsFrom(key: StatementKey, from: LogPlace): Promise<readonly UsageLogRow[]> {
    return attempt(() => this.statements.logsFrom.all(...statementPlace(key, from)));
  }

  logBefore(key: StatementKey, place: LogPlace): Promise<UsageLogRow | undefined> {
    return attempt(() => this.statements.logBefore.get(...statementPlace(key, place)));
  }

  private write(changes: RowChanges, next: Checkpoint, expectedPosition: number): void {
    const put = this.statements;
    const { position, size, recorded_at, agreement } = next;
    const edge = next.edge.join(' ');
    const moved = put.move.run(position, size, recorded_at, edge, BILLING, expectedPosition);
    if (moved.changes !== 1) throw new CheckpointMovedError();
    if (agreement !== this.agreement) put.setAgreement.run(JSON.stringify(agreement), BILLING);
    for (const id of changes.removedLogs) put.removeLog.run(id);
    for (const key of changes.removedWaiting) put.removeWaiting.run(key.session_id, key.attempt);
    for (const key of changes.removedStatements) {
      put.removeStatement.run(key.user_id, key.period);
    }
    for (const row of changes.sessions) {
      const { session_id, user_id, last_at, open_since, open_attempt, memory, view } = row;
      put.putSession.run(session_id, user_id, last_at, open_since, open_attempt, memory, view);
    }
    for (const row of changes.usageLogs) put.putLog.run(row);
    for (const row of changes.waiting) {
      put.putWaiting.run(row.session_id, row.attempt, row.user_id, row.completed_at, row.view);
    }
    for (const row of changes.statements) {
      put.putStatement.run(row.user_id, row.period, row.tail, row.summaries);
    }
    for (const row of changes.accounts) put.putAccount.run(row.user_id, row.account);
    for (const row of changes.adjustments) {
      const { id, user_id, billing_period, currency, voids, view } = row;
      put.putAdjustment.run(id, user_id, billing_period, currency, voids, row.position, view);
    }
    for (const row of changes.requests) {
      put.putRequest.run(row.scope, row.key, row.digest, row.answer);
    }
    for (const row of changes.merkleTiles) {
      const { level, number, hashes, after_position, after_recorded_at } = row;
      put.putMerkleTile.run(level, number, hashes, after_position, after_recorded_at);
    }
  }
}

function statementPlace(key: StatementKey, place: LogPlace): unknown[] {
  return [
    key.user_id,
    key.period,
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
