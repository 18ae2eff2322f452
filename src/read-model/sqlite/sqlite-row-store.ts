import type { Database } from 'better-sqlite3';

import type { Agreement } from '../../domain/account/agreement';
import { LAST_PLACE, placeValues, type LogPlace } from '../../domain/billing/place';
import { parsePico, printPico } from '../../domain/pico';
import {
  CheckpointMovedError,
  RATED_COLUMNS,
  type AccountRow,
  type Checkpoint,
  type MarkRow,
  type MerkleTileRow,
  type PeriodSumsRow,
  type RatedLogRow,
  type RowChanges,
  type RowStore,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageDayRow,
  type UsageLogRow,
} from '../rows';
import { BILLING, TABLE_KEYS, type CheckpointRow } from '../tables';

const LOG_COLUMNS = [
  'id',
  'session_id',
  'attempt',
  'user_id',
  'billing_period',
  'late_position',
  'completed_at',
  'currency',
  'usage_period',
  'stt_provider',
  'transcription_type',
  'billable',
  'billing_reason',
  'duration_seconds',
  'billed_seconds',
  'channels',
  'speaker_count',
  'confidence_score',
  'plan',
  'rate_card_id',
  'position',
  'described',
] as const satisfies readonly (keyof UsageLogRow)[];

const MARK_COLUMNS = [
  'user_id',
  'period',
  'late_position',
  'completed_at',
  'session_id',
  'attempt',
  'state',
  'stretch',
] as const satisfies readonly (keyof MarkRow)[];

/** How often it is tried to empty the log, and for how long it is waited for those who read. */
const SCRUB_MS = 1_000;
const SCRUB_WAIT_MS = 200;

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
  /** Whether the log may still hold rows as they were before somebody was erased, and when it was last tried to empty it. */
  private unscrubbed = false;
  private scrubbedAt = -Infinity;

  constructor(private readonly db: Database) {
    // Decimals are added exactly where the rows are: whoever adds need not have read them.
    db.function('exact_sum', { deterministic: true }, exactSum);
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
      userLogs: db.prepare<[string], UsageLogRow>('SELECT * FROM usage_logs WHERE user_id = ?'),
      account: db.prepare<[string], AccountRow>('SELECT * FROM accounts WHERE user_id = ?'),
      statement: db.prepare<[string, string], StatementRow>(
        'SELECT * FROM statements WHERE user_id = ? AND period = ?',
      ),
      marks: db.prepare<[string, string], MarkRow>(
        `SELECT * FROM marks WHERE user_id = ? AND period = ?
         ORDER BY late_position, completed_at, session_id, attempt`,
      ),
      stretch: db.prepare<unknown[], RatedLogRow>(
        `SELECT ${RATED_COLUMNS.join(', ')} FROM usage_logs
         WHERE ${IN_STATEMENT} AND ${PLACE} >= (?, ?, ?, ?) AND ${PLACE} < (?, ?, ?, ?)
         ORDER BY late_position, completed_at, session_id, attempt`,
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
        `INSERT INTO usage_logs (${LOG_COLUMNS.join(', ')}) VALUES (${LOG_COLUMNS.map(() => '?').join(', ')})
         ON CONFLICT (id) DO UPDATE SET
           ${LOG_COLUMNS.slice(1)
             .map((name) => `${name} = excluded.${name}`)
             .join(', ')}`,
      ),
      putMark: db.prepare(
        `INSERT INTO marks (${MARK_COLUMNS.join(', ')}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_id, period, late_position, completed_at, session_id, attempt)
         DO UPDATE SET state = excluded.state, stretch = excluded.stretch`,
      ),
      removeMark: db.prepare(
        `DELETE FROM marks WHERE user_id = ? AND period = ? AND ${PLACE} = (?, ?, ?, ?)`,
      ),
      addDay: db.prepare(
        `INSERT INTO usage_days (user_id, day, currency, billing_period, transcriptions, billed_seconds, cost, cost_cents)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (user_id, day, currency, billing_period) DO UPDATE SET
           transcriptions = transcriptions + excluded.transcriptions,
           billed_seconds = exact_sum(billed_seconds, excluded.billed_seconds),
           cost = exact_sum(cost, excluded.cost), cost_cents = cost_cents + excluded.cost_cents`,
      ),
      removeEmptyDay: db.prepare(
        `DELETE FROM usage_days WHERE user_id = ? AND day = ? AND currency = ? AND billing_period = ?
         AND transcriptions = 0`,
      ),
      addPeriod: db.prepare(
        `INSERT INTO period_sums (period, kind, name, currency, users, transcriptions, billed_seconds, cost, cost_cents, adjustments_cents)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
         ON CONFLICT (period, kind, name, currency) DO UPDATE SET
           users = users + excluded.users, transcriptions = transcriptions + excluded.transcriptions,
           billed_seconds = exact_sum(billed_seconds, excluded.billed_seconds),
           cost = exact_sum(cost, excluded.cost), cost_cents = cost_cents + excluded.cost_cents,
           adjustments_cents = adjustments_cents + excluded.adjustments_cents`,
      ),
      removeEmptyPeriod: db.prepare(
        `DELETE FROM period_sums WHERE period = ? AND kind = ? AND name = ? AND currency = ?
         AND transcriptions = 0 AND users = 0`,
      ),
      putWaiting: db.prepare(
        `INSERT INTO waiting (session_id, attempt, user_id, completed_at, view) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (session_id, attempt) DO UPDATE SET
           user_id = excluded.user_id, completed_at = excluded.completed_at, view = excluded.view`,
      ),
      putStatement: db.prepare(
        `INSERT INTO statements (user_id, period, most_cents, tail, summaries) VALUES (?, ?, ?, ?, ?)
         ON CONFLICT (user_id, period) DO UPDATE SET
           most_cents = excluded.most_cents, tail = excluded.tail, summaries = excluded.summaries`,
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
        `INSERT INTO requests (scope, key, digest, answer, position, written)
         VALUES (?, ?, ?, ?, ?, ?)`,
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
      if (next.agreement?.erasures !== this.agreement?.erasures) this.unscrubbed = true;
      this.agreement = next.agreement;
      if (this.unscrubbed) this.scrub();
    });
  }

  /** Empties the log into the file, as soon as no snapshot needs it: else it is tried again. */
  private scrub(): void {
    if (!this.db.open || performance.now() < this.scrubbedAt + SCRUB_MS) return;
    this.scrubbedAt = performance.now();
    const timeout = this.db.pragma('busy_timeout', { simple: true }) as number;
    this.db.pragma(`busy_timeout = ${SCRUB_WAIT_MS}`);
    try {
      const [done] = this.db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (done!.busy === 0) this.unscrubbed = false;
      else setTimeout(() => this.scrub(), 2 * SCRUB_MS).unref();
    } finally {
      this.db.pragma(`busy_timeout = ${timeout}`);
    }
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

  userLogs(userId: string): Promise<readonly UsageLogRow[]> {
    return attempt(() => this.statements.userLogs.all(userId));
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

  marks(key: StatementKey): Promise<readonly MarkRow[]> {
    return attempt(() => this.statements.marks.all(key.user_id, key.period));
  }

  stretch(
    key: StatementKey,
    from: LogPlace,
    until: LogPlace = LAST_PLACE,
  ): Promise<readonly RatedLogRow[]> {
    const places = [...placeValues(from), ...placeValues(until)];
    return attempt(() => this.statements.stretch.all(key.user_id, key.period, ...places));
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
    for (const row of changes.usageLogs) put.putLog.run(...LOG_COLUMNS.map((name) => row[name]));
    for (const key of changes.removedMarks) {
      put.removeMark.run(key.user_id, key.period, ...placeValues(key));
    }
    for (const row of changes.marks) put.putMark.run(...MARK_COLUMNS.map((name) => row[name]));
    for (const row of changes.usageDays) this.addDay(row);
    for (const row of changes.periodSums) this.addPeriod(row);
    for (const row of changes.waiting) {
      put.putWaiting.run(row.session_id, row.attempt, row.user_id, row.completed_at, row.view);
    }
    for (const row of changes.statements) {
      put.putStatement.run(row.user_id, row.period, row.most_cents, row.tail, row.summaries);
    }
    for (const row of changes.accounts) put.putAccount.run(row.user_id, row.account);
    for (const row of changes.adjustments) {
      const { id, user_id, billing_period, currency, voids, view } = row;
      put.putAdjustment.run(id, user_id, billing_period, currency, voids, row.position, view);
    }
    for (const row of changes.requests) {
      const { scope, key, digest, answer, position, written } = row;
      put.putRequest.run(scope, key, digest, answer, position, written);
    }
    for (const row of changes.merkleTiles) {
      const { level, number, hashes, after_position, after_recorded_at } = row;
      put.putMerkleTile.run(level, number, hashes, after_position, after_recorded_at);
    }
  }

  private addDay(row: UsageDayRow): void {
    const key = [row.user_id, row.day, row.currency, row.billing_period];
    const { transcriptions, billed_seconds, cost, cost_cents } = row;
    this.statements.addDay.run(...key, transcriptions, billed_seconds, cost, cost_cents);
    if (transcriptions < 0) this.statements.removeEmptyDay.run(...key);
  }

  private addPeriod(row: PeriodSumsRow): void {
    const key = [row.period, row.kind, row.name, row.currency];
    const { users, transcriptions, billed_seconds, cost, cost_cents, adjustments_cents } = row;
    this.statements.addPeriod.run(
      ...key,
      users,
      transcriptions,
      billed_seconds,
      cost,
      cost_cents,
      adjustments_cents,
    );
    if (transcriptions < 0 || users < 0) this.statements.removeEmptyPeriod.run(...key);
  }
}

function exactSum(a: unknown, b: unknown): string {
  return printPico(parsePico(a as string) + parsePico(b as string));
}

/** A promise of synchronous work; what it throws rejects it. */
async function attempt<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
