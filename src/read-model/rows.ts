/**
 * The rows of the read model: what the projector writes and the queries read. Times are milliseconds since
 * 1970, positions those of the store. Whatever is only shown, never searched, lies in one JSON text a row,
 * in the shape of the wire (`UsageLogView` and others in `views.ts`).
 */
export interface SessionRow {
  readonly session_id: string;
  readonly user_id: string;
  /** JSON: the session's facts, as the projector needs them to derive its attempts. */
  readonly state: string;
  /** JSON: {@link SessionView} without its logs and money. */
  readonly view: string;
}

export interface UsageLogRow {
  /** `<session_id>~<attempt>`: `~` is in no session id. */
  readonly id: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly user_id: string;
  readonly billing_period: string;
  readonly currency: string;
  /** 0, or for a late log its position: late logs stand after all others. */
  readonly late_position: number;
  readonly completed_at: number;
  readonly stt_provider: string;
  readonly transcription_type: string;
  readonly position: number;
  /** JSON: {@link UsageLogView}. */
  readonly view: string;
  /** JSON: what the statement's next log needs (running total, allowance used, counters by entry). */
  readonly after: string;
}

export interface WaitingRow {
  readonly session_id: string;
  readonly attempt: number;
  readonly user_id: string;
  readonly completed_at: number;
  readonly position: number;
  /** JSON: {@link WaitingView} without `age_seconds`. */
  readonly view: string;
}

export interface StatementRow {
  readonly user_id: string;
  readonly period: string;
  readonly currency: string;
  /** JSON: what the projector needs to go on. */
  readonly tail: string;
  /** JSON: {@link SummaryCounts}. */
  readonly summary: string;
}

/** Where a projection stands; written in the same transaction as its rows. */
export interface CheckpointRow {
  readonly name: string;
  readonly position: number;
  /** How many events of the ledger were read: the next event's index. */
  readonly size: number;
  /** The greatest recorded time so far. */
  readonly recorded_at: number;
  /** JSON: {@link LedgerOpened}, once it was read. */
  readonly ledger: string | null;
}

export interface ReadModelTables {
  sessions: SessionRow;
  usage_logs: UsageLogRow;
  waiting: WaitingRow;
  statements: StatementRow;
  checkpoints: CheckpointRow;
}

/** What one page of events changes: rows to write, by key the last one wins, and rows to remove. */
export interface PageChanges {
  readonly sessions: readonly SessionRow[];
  readonly usage_logs: readonly UsageLogRow[];
  readonly waiting: readonly WaitingRow[];
  readonly statements: readonly StatementRow[];
  readonly removed_logs: readonly string[];
  readonly removed_waiting: readonly { readonly session_id: string; readonly attempt: number }[];
  readonly checkpoint: CheckpointRow;
}

/** The place of a log in its statement's order. */
export type LogPlace = Pick<
  UsageLogRow,
  'late_position' | 'completed_at' | 'session_id' | 'attempt'
>;

/** What the fold reads back of its own rows. */
export interface RowReader {
  session(sessionId: string): SessionRow | undefined | Promise<SessionRow | undefined>;
  statement(
    userId: string,
    period: string,
    currency: string,
  ): StatementRow | undefined | Promise<StatementRow | undefined>;
  /** The statement's logs from a place on (inclusive; `undefined` = all), in statement order. */
  logsFrom(
    userId: string,
    period: string,
    currency: string,
    from: LogPlace | undefined,
  ): readonly UsageLogRow[] | Promise<readonly UsageLogRow[]>;
  /** The statement's last log before a place. */
  logBefore(
    userId: string,
    period: string,
    currency: string,
    place: LogPlace,
  ): UsageLogRow | undefined | Promise<UsageLogRow | undefined>;
}
