import type { Database } from 'better-sqlite3';

import { readAgreement, type Agreement } from '../../domain/account/agreement';
import { LAST_PLACE, placeValues, type LogPlace } from '../../domain/billing/place';
import { parsePico, printPico } from '../../domain/pico';
import { LongTransaction } from '../../lib/long-transaction';
import {
  CheckpointMovedError,
  LOG_COLUMNS,
  type AccountRow,
  type Checkpoint,
  type MarkRow,
  type MerkleTileRow,
  type PeriodSumsRow,
  type RatedLogRow,
  type RowChanges,
  type RowStore,
  type SessionOfUser,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageDayRow,
  type UsageLogRow,
} from '../rows';
import { BILLING, TABLE_KEYS } from '../tables';
import { eraseUsers } from './erase-users';
import { MARK_COLUMNS, prepareStatements } from './row-statements';

/** How often emptying the log is tried, and how long each try waits for readers. */
const SCRUB_MS = 1_000;
const SCRUB_WAIT_MS = 200;

/**
 * The projector's side of a SQLite read model, on prepared statements: it writes every row of a rebuild, where a
 * query builder costs as much as the write itself. Rows and checkpoint move in one transaction.
 */
export class SqliteRowStore implements RowStore {
  private readonly statements;
  private readonly empty: () => void;
  /** The transaction of the next commit. It is open between two calls only if parts of that commit are written. */
  private readonly transaction: LongTransaction;
  private agreement: Agreement | null = null;
  /** Whether the log may still hold rows from before a user was erased, and when emptying it was last tried. */
  private unscrubbed = false;
  private scrubbedAt = -Infinity;
  private scrubbing: NodeJS.Timeout | undefined;

  constructor(private readonly db: Database) {
    // Adds decimals exactly inside the database, so that rows need not be read first.
    db.function('exact_sum', { deterministic: true }, exactSum);
    this.statements = prepareStatements(db);
    this.transaction = new LongTransaction(db);
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
      this.agreement = row.agreement === null ? null : readAgreement(row.agreement);
      const { position, size, recorded_at } = row;
      const edge = row.edge === '' ? [] : row.edge.split(' ');
      return { position, size, recorded_at, edge, agreement: this.agreement };
    });
  }

  async commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void> {
    await this.erase(changes.erasedUsers, expectedPosition);
    return attempt(() => {
      this.transaction.commit(() => this.write(changes, next, expectedPosition));
      if (next.agreement?.erasures !== this.agreement?.erasures) this.unscrubbed = true;
      this.agreement = next.agreement;
      if (this.unscrubbed) this.scrub();
    });
  }

  async writePart(changes: RowChanges, expectedPosition: number): Promise<void> {
    await this.erase(changes.erasedUsers, expectedPosition);
    return attempt(() => this.inParts(expectedPosition, () => this.writeRows(changes)));
  }

  private inParts(expectedPosition: number, work: () => void): void {
    if (!this.transaction.isOpen) this.transaction.run(() => this.checkAt(expectedPosition));
    this.transaction.run(work);
  }

  /** Erases users in a transaction that stays open for the rest of the commit. */
  private async erase(users: readonly string[], expectedPosition: number): Promise<void> {
    try {
      await eraseUsers(this.statements, users, (work) => this.inParts(expectedPosition, work));
    } catch (error) {
      this.transaction.rollBack();
      throw error;
    }
  }

  abandon(): Promise<void> {
    return attempt(() => this.transaction.rollBack());
  }

  private checkAt(expectedPosition: number): void {
    const { position } = this.statements.checkpoint.get(BILLING)!;
    if (position !== expectedPosition) throw new CheckpointMovedError();
  }

  /** Empties the log into the file. If a snapshot still needs the log, tries again later. */
  private scrub(): void {
    if (!this.db.open) return;
    const early = this.scrubbedAt + SCRUB_MS - performance.now();
    if (early > 0) return this.scrubLater(early);
    this.scrubbedAt = performance.now();
    const timeout = this.db.pragma('busy_timeout', { simple: true }) as number;
    this.db.pragma(`busy_timeout = ${SCRUB_WAIT_MS}`);
    try {
      const [done] = this.db.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[];
      if (done!.busy === 0) this.unscrubbed = false;
      else this.scrubLater(2 * SCRUB_MS);
    } finally {
      this.db.pragma(`busy_timeout = ${timeout}`);
    }
  }

  private scrubLater(ms: number): void {
    this.scrubbing ??= setTimeout(() => {
      this.scrubbing = undefined;
      try {
        this.scrub();
      } catch {
        // Nobody waits for it here. The next commit tries too, and reports what is wrong with the file.
        this.scrubLater(2 * SCRUB_MS);
      }
    }, ms).unref();
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

  sessionsFrom(from: number, userId?: string): Promise<readonly SessionOfUser[]> {
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
    this.writeRows(changes);
  }

  private writeRows(changes: RowChanges): void {
    const put = this.statements;
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

/** Runs synchronous work as a promise, which rejects with what the work throws. */
async function attempt<T>(work: () => T): Promise<T> {
  await Promise.resolve();
  return work();
}
