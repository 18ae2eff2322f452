import type Database from 'better-sqlite3';
import { SqliteDatabase } from '../../../lib/sqlite';

/**
 * A temporary database on disk, deleted when it is closed. It sorts the rows and joins them with what the ledger
 * derives, so memory stays the same however long the table is and however it is sorted.
 */
export type Workspace = Database.Database;

/** A row in the workspace. `code` and `detail` say why it was refused; both are `null` if it was not. */
export interface StoredRow {
  readonly line: number;
  readonly id: string | null;
  readonly session: string | null;
  readonly user: string | null;
  readonly at: number | null;
  readonly attempt: number | null;
  readonly failed: number | null;
  readonly seconds: string | null;
  readonly provider: string | null;
  readonly data: string | null;
  readonly cents: string | null;
  readonly currency: string | null;
  readonly billable: number | null;
  readonly month: string | null;
  readonly code: string | null;
  readonly detail: string | null;
  /** The latest `at` of this attempt and the earlier ones of its session. Facts are sent in this order. */
  readonly turn: number | null;
}

/** A row beside its usage log; the log's fields are `null` if there is none. */
export interface JoinedRow extends StoredRow {
  readonly log: string | null;
  readonly log_billable: number | null;
  readonly log_reason: string | null;
  readonly log_type: string | null;
  readonly log_billed: string | null;
  readonly log_included: string | null;
  readonly log_cost: string | null;
  readonly log_cents: number | null;
  readonly log_currency: string | null;
  readonly log_period: string | null;
  readonly log_late: number | null;
  readonly waits: string | null;
}

const SCHEMA = `
  CREATE TABLE rows (
    line INTEGER PRIMARY KEY, id TEXT, session TEXT, raw_session TEXT, user TEXT, raw_user TEXT, at INTEGER,
    attempt INTEGER, parent TEXT, retry INTEGER, failed INTEGER, seconds TEXT, provider TEXT, data TEXT,
    cents TEXT, currency TEXT, billable INTEGER, month TEXT, code TEXT, detail TEXT, turn INTEGER
  );
  CREATE TABLE logs (
    session TEXT, attempt INTEGER, log TEXT, log_billable INTEGER, log_reason TEXT, log_type TEXT, log_billed TEXT,
    log_included TEXT, log_cost TEXT, log_cents INTEGER, log_currency TEXT, log_period TEXT, log_late INTEGER,
    PRIMARY KEY (session, attempt)
  ) WITHOUT ROWID;
  CREATE TABLE waiting (
    session TEXT, attempt INTEGER, waits TEXT, PRIMARY KEY (session, attempt)
  ) WITHOUT ROWID;
`;

const INDEXES = `
  CREATE INDEX rows_by_id ON rows (id);
  CREATE INDEX rows_by_session ON rows (session, attempt);
  CREATE INDEX rows_by_turn ON rows (turn, attempt, line);
  CREATE INDEX rows_by_user ON rows (user, line);
`;

/** Opens an empty workspace; call {@link index} once the rows are in it. */
export function openWorkspace(): Workspace {
  const database = new SqliteDatabase('');
  database.pragma('journal_mode = OFF');
  database.pragma('synchronous = OFF');
  database.exec(SCHEMA);
  return database;
}

export function index(workspace: Workspace): void {
  workspace.exec(INDEXES);
}

/** Returns all rows beside what the ledger says of them. @param order `line`, or `user, line`. */
export function joined(
  workspace: Workspace,
  order: 'line' | 'user, line',
): IterableIterator<JoinedRow> {
  const of = (table: string) =>
    `LEFT JOIN ${table} ON code IS NULL AND ${table}.session = rows.session AND ${table}.attempt = rows.attempt`;
  const sql = `SELECT rows.*, log, log_billable, log_reason, log_type, log_billed, log_included, log_cost, log_cents,
    log_currency, log_period, log_late, waits FROM rows ${of('logs')} ${of('waiting')} ORDER BY ${order}`;
  return workspace.prepare<[], JoinedRow>(sql).iterate();
}
