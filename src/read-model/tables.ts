import type { SessionRow, StatementRow, UsageLogRow, WaitingRow } from './rows';

/** The tables, as kysely knows them. */
export interface ReadModelTables {
  sessions: SessionRow;
  usage_logs: UsageLogRow;
  waiting: WaitingRow;
  statements: StatementRow;
  checkpoints: CheckpointRow;
}

export interface CheckpointRow {
  readonly name: string;
  readonly position: number;
  readonly size: number;
  readonly recorded_at: number;
  /** JSON: `LedgerOpened`, once it was read. */
  readonly ledger: string | null;
}

/** The one projection there is: sessions, logs, what waits and statements move together. */
export const BILLING = 'billing';
