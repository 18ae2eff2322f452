import type {
  AccountRow,
  AdjustmentRow,
  MarkRow,
  MerkleTileRow,
  PeriodSumsRow,
  RequestRow,
  SessionRow,
  StatementRow,
  UsageDayRow,
  UsageLogRow,
  WaitingRow,
} from './rows';

/** The tables, as kysely knows them. */
export interface ReadModelTables {
  sessions: SessionRow;
  usage_logs: UsageLogRow;
  waiting: WaitingRow;
  statements: StatementRow;
  marks: MarkRow;
  usage_days: UsageDayRow;
  period_sums: PeriodSumsRow;
  accounts: AccountRow;
  adjustments: AdjustmentRow;
  requests: RequestRow;
  merkle_tiles: MerkleTileRow;
  checkpoints: CheckpointRow;
}

/** All tables, with the columns of their keys. */
export const TABLE_KEYS = {
  sessions: ['session_id'],
  usage_logs: ['id'],
  waiting: ['session_id', 'attempt'],
  statements: ['user_id', 'period'],
  marks: ['user_id', 'period', 'late_position', 'completed_at', 'session_id', 'attempt'],
  usage_days: ['user_id', 'day', 'currency', 'billing_period'],
  period_sums: ['period', 'kind', 'name', 'currency'],
  accounts: ['user_id'],
  adjustments: ['id'],
  requests: ['scope', 'key'],
  merkle_tiles: ['level', 'number'],
  checkpoints: ['name'],
} as const satisfies Record<keyof ReadModelTables, readonly string[]>;

export interface CheckpointRow {
  readonly name: string;
  readonly position: number;
  readonly size: number;
  readonly recorded_at: number;
  /** The Merkle tree's right edge: hex, one subtree after another, separated by spaces. */
  readonly edge: string;
  /** JSON: `Agreement`; `null` until the ledger's first event has been read. */
  readonly agreement: string | null;
}

/** The name of the only projection: sessions, logs, waiting attempts and statements move together. */
export const BILLING = 'billing';
