import type Database from 'better-sqlite3';

import type { VendorLine } from './vendor-line';
import type { Kind, MatchedBy } from './asked';
import { SqliteDatabase } from '../lib/sqlite';

const TABLES = `
  CREATE TABLE lines (
    n INTEGER PRIMARY KEY, request_id TEXT, session_id TEXT, started_at INTEGER, day TEXT,
    ns INTEGER, cost TEXT, currency TEXT, kind TEXT, matched_by TEXT, log INTEGER
  ) STRICT;
  CREATE TABLE logs (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL, session_id TEXT NOT NULL, attempt INTEGER NOT NULL,
    user_id TEXT NOT NULL, request_id TEXT, day TEXT NOT NULL, end_day TEXT NOT NULL,
    completed_at INTEGER NOT NULL, ns INTEGER NOT NULL, cost TEXT NOT NULL,
    cost_cents INTEGER NOT NULL, currency TEXT NOT NULL, line INTEGER
  ) STRICT;`;

/** A log of the ledger: the fields that are compared or shown. */
export interface ComparedLog {
  readonly id: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly user_id: string;
  readonly request_id: string | null;
  /** The day on which the request began or, if that is unknown, ended. */
  readonly day: string;
  readonly end_day: string;
  readonly completed_at: number;
  readonly ns: number;
  readonly cost: string;
  readonly cost_cents: number;
  readonly currency: string;
}

/** A line, a log, or a matching pair. */
export interface ItemRow {
  readonly n: number;
  readonly kind: Kind;
  readonly matched_by: MatchedBy | null;
  readonly request_id: string | null;
  readonly session_id: string | null;
  readonly started_at: number | null;
  readonly day: string | null;
  readonly vendor_ns: number | null;
  readonly vendor_cost: string | null;
  readonly vendor_currency: string | null;
  readonly log_id: string | null;
  readonly attempt: number | null;
  readonly user_id: string | null;
  readonly completed_at: number | null;
  readonly ledger_ns: number | null;
  readonly cost: string | null;
  readonly cost_cents: number | null;
  readonly currency: string | null;
}

const ITEM_COLUMNS = `l.n, l.kind, l.matched_by, l.request_id, coalesce(l.session_id, g.session_id) AS session_id,
  l.started_at, coalesce(l.day, g.day) AS day, l.ns AS vendor_ns, l.cost AS vendor_cost,
  l.currency AS vendor_currency, g.id AS log_id, g.attempt, g.user_id, g.completed_at, g.ns AS ledger_ns,
  g.cost, g.cost_cents, g.currency`;
/** The numbers of logs start here, above the numbers of all lines. */
const LOGS_FROM = 1_000_000_000;

/**
 * The file that one reconciliation works in, and that its items are read from. Lines and logs are in tables, so that
 * memory stays small.
 */
export class WorkFile {
  private constructor(readonly db: Database.Database) {}

  static make(path: string): WorkFile {
    const db = new SqliteDatabase(path);
    // The file is deleted with the job, so nothing has to be durable.
    db.pragma('journal_mode = OFF');
    db.pragma('synchronous = OFF');
    db.pragma('cache_size = -32768');
    db.exec(TABLES);
    return new WorkFile(db);
  }

  static open(path: string, { readonly = false } = {}): WorkFile {
    const db = new SqliteDatabase(path, { readonly, fileMustExist: true });
    if (!readonly) {
      db.pragma('journal_mode = OFF');
      db.pragma('synchronous = OFF');
      db.pragma('cache_size = -32768');
    }
    return new WorkFile(db);
  }

  addLines(lines: readonly VendorLine[]): void {
    const insert = this.db.prepare(
      'INSERT INTO lines (request_id, session_id, started_at, ns, cost, currency) VALUES (@request_id, @session_id, @started_at, @ns, @cost, @currency)',
    );
    this.db.transaction(() => lines.forEach((line) => insert.run(line)))();
  }

  addLogs(logs: readonly ComparedLog[]): void {
    const insert = this.db.prepare(
      `INSERT INTO logs (id, session_id, attempt, user_id, request_id, day, end_day, completed_at, ns, cost, cost_cents, currency)
       VALUES (@id, @session_id, @attempt, @user_id, @request_id, @day, @end_day, @completed_at, @ns, @cost, @cost_cents, @currency)`,
    );
    this.db.transaction(() => logs.forEach((log) => insert.run(log)))();
  }

  /** Sets the day on which each line began, and the currency of its costs. */
  place(dayOf: (instant: number) => string, currency: string): void {
    this.db.function('day_of', { deterministic: true }, (instant: number) => dayOf(instant));
    this.db.exec(`UPDATE lines SET day = day_of(started_at) WHERE started_at IS NOT NULL;
      UPDATE lines SET currency = '${currency.replaceAll("'", '')}' WHERE currency IS NULL AND cost IS NOT NULL;`);
  }

  /** Returns a page of items after a cursor: lines in their order, then logs without a line. */
  items(kind: Kind | undefined, after: number, limit: number): ItemRow[] {
    const lines =
      kind === 'only_ledger'
        ? []
        : this.db
            .prepare<unknown[], ItemRow>(
              `SELECT ${ITEM_COLUMNS} FROM lines l LEFT JOIN logs g ON g.n = l.log
               WHERE l.n > ? ${kind === undefined ? '' : 'AND l.kind = ?'} ORDER BY l.n LIMIT ?`,
            )
            .all(after, ...(kind === undefined ? [] : [kind]), limit);
    const isRest = kind === undefined || kind === 'only_ledger';
    if (lines.length >= limit || !isRest) return lines;
    return [...lines, ...this.onlyLogs(Math.max(0, after - LOGS_FROM), limit - lines.length)];
  }

  private onlyLogs(after: number, limit: number): ItemRow[] {
    return this.db
      .prepare<unknown[], ItemRow>(
        `SELECT g.n + ${LOGS_FROM} AS n, 'only_ledger' AS kind, NULL AS matched_by, g.request_id, g.session_id,
           NULL AS started_at, g.day, NULL AS vendor_ns, NULL AS vendor_cost, NULL AS vendor_currency,
           g.id AS log_id, g.attempt, g.user_id, g.completed_at, g.ns AS ledger_ns, g.cost, g.cost_cents, g.currency
         FROM logs g WHERE g.line IS NULL AND g.n > ? ORDER BY g.n LIMIT ?`,
      )
      .all(after, limit);
  }

  close(): void {
    this.db.close();
  }
}
