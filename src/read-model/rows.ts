import type { Agreement } from '../domain/account/agreement';
import type { LogPlace } from '../domain/billing/place';
import type { BillingReason } from '../domain/rating/classify';
import type { TranscriptionType } from '../domain/session/attempts';

/**
 * The rows of the read model: what the projector writes and the queries read. Times are milliseconds since 1970;
 * positions are those of the store. Fields that are only shown, never searched, are in one JSON text per row, in the
 * API's shape (`views.ts`). Facts are not copied: the event store has them.
 */
export interface SessionRow {
  readonly session_id: string;
  /** The user that its facts name; for a voided session without newer facts, that of the last fact before the void. */
  readonly user_id: string;
  /** The last instant at which an agreement may affect the session. */
  readonly last_at: number;
  /** When its longest open attempt began, of those that a fact names; `null` if none is open. */
  readonly open_since: number | null;
  readonly open_attempt: number | null;
  /** JSON: {@link SessionMemory}, what cannot be derived from the facts alone. */
  readonly memory: string;
  /** JSON: `SessionView`. */
  readonly view: string;
}

export interface SessionMemory {
  /** By attempt (a number as text): the position of the first event after which it no longer waited. */
  readonly logged: Readonly<Record<string, number>>;
}

/**
 * The part of a usage log that does not depend on the logs before it in its statement. Its included seconds, cost and
 * cents depend on its rank. To get them, a reader rates the logs from the mark before it on (`rated-logs.ts`).
 */
export interface UsageLogRow extends LogPlace {
  /** `<session_id>~<attempt>`, and after voids `~<voids>`. No session id contains `~`. */
  readonly id: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly user_id: string;
  readonly billing_period: string;
  /** 0, or the position of a late log: late logs come after all others. */
  readonly late_position: number;
  readonly completed_at: number;
  readonly currency: string;
  readonly usage_period: string;
  readonly stt_provider: string;
  readonly transcription_type: TranscriptionType;
  /** 1 or 0. */
  readonly billable: number;
  readonly billing_reason: BillingReason;
  readonly duration_seconds: string;
  readonly billed_seconds: string;
  readonly channels: number;
  readonly speaker_count: number | null;
  readonly confidence_score: number | null;
  readonly plan: string;
  readonly rate_card_id: string | null;
  readonly position: number;
  /** JSON: `LogDescription`, the fields that only describe it. */
  readonly described: string;
}

/** The columns of a log, in the order of the table. */
export const LOG_COLUMNS = [
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

/** Fails to compile if {@link LOG_COLUMNS} lacks a column: it would be neither written nor read. */
type ListsAll<Listed extends string> = [Exclude<keyof UsageLogRow, Listed>] extends [never]
  ? true
  : never;
true satisfies ListsAll<(typeof LOG_COLUMNS)[number]>;

/** The columns of a log that rating uses. */
export const RATED_COLUMNS = [
  'id',
  'session_id',
  'attempt',
  'late_position',
  'completed_at',
  'currency',
  'stt_provider',
  'transcription_type',
  'billable',
  'billing_reason',
  'duration_seconds',
  'channels',
  'speaker_count',
  'confidence_score',
  'plan',
  'rate_card_id',
] as const satisfies readonly (keyof UsageLogRow)[];

export type RatedLogRow = Pick<UsageLogRow, (typeof RATED_COLUMNS)[number]>;

export interface WaitingRow {
  readonly session_id: string;
  readonly attempt: number;
  readonly user_id: string;
  readonly completed_at: number;
  /** JSON: `WaitingView` without `age_seconds`. */
  readonly view: string;
}

/** A user's statement of one period: one order of logs, whatever their currencies. */
export interface StatementRow {
  readonly user_id: string;
  readonly period: string;
  /** The amount charged, including adjustments, in the currency in which it is highest. */
  readonly most_cents: number;
  /** JSON: the rank of the last log, the state that the next one needs, and the dependence of the last stretch. */
  readonly tail: string;
  /** JSON: `SummaryCounts` by currency. */
  readonly summaries: string;
}

/** The rank at which a stretch of some hundred logs of a statement begins: the rank of its first log. */
export interface MarkRow extends LogPlace {
  readonly user_id: string;
  readonly period: string;
  /** JSON: `RunningState`, the state before that log. */
  readonly state: string;
  /** JSON: `Dependence` of the stretch that ends here. */
  readonly stretch: string;
}

/** The sums of a user's logs that completed on one day. Seconds and costs are exact decimal strings. */
export interface UsageDayRow {
  readonly user_id: string;
  /** `YYYY-MM-DD` in the ledger's zone. */
  readonly day: string;
  readonly currency: string;
  readonly billing_period: string;
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly cost: string;
  readonly cost_cents: number;
}

/** The sums of a billing period over all users: the total, or the part of one plan, provider or day. */
export interface PeriodSumsRow {
  readonly period: string;
  readonly kind: 'total' | 'plan' | 'provider' | 'day';
  /** Empty for the total. */
  readonly name: string;
  readonly currency: string;
  /** In the total, how many users have anything in the period; otherwise 0. */
  readonly users: number;
  readonly transcriptions: number;
  readonly billed_seconds: string;
  readonly cost: string;
  readonly cost_cents: number;
  /** In the total; otherwise 0. */
  readonly adjustments_cents: number;
}

export interface AccountRow {
  readonly user_id: string;
  /** JSON: `Account`, what was agreed with the user. */
  readonly account: string;
}

export interface AdjustmentRow {
  readonly id: string;
  readonly user_id: string;
  readonly billing_period: string;
  readonly currency: string;
  /** The adjustment that this one voids. */
  readonly voids: string | null;
  readonly position: number;
  /** JSON: `AdjustmentView`. */
  readonly view: string;
}

/** A request that was accepted under an idempotency key, and its answer. */
export interface RequestRow {
  /** What the key is unique in, such as `rate-cards`. */
  readonly scope: string;
  readonly key: string;
  readonly digest: string;
  /** JSON: the first answer. */
  readonly answer: string;
  /** Its event's position. */
  readonly position: number;
  /** JSON: what the event says, as a `WrittenView` without its position. */
  readonly written: string;
}

/**
 * A tile of the ledger's Merkle tree (`domain/merkle-tiles.ts`). On level 0, it also says where its first event is:
 * after the event at `after_position`, up to which the greatest recorded time is `after_recorded_at`. On other levels,
 * both are 0.
 */
export interface MerkleTileRow {
  readonly level: number;
  readonly number: number;
  /** The hashes, 43 characters of base64url each, without separators. */
  readonly hashes: string;
  readonly after_position: number;
  readonly after_recorded_at: number;
}

/** How far a projection has got; written in the same transaction as its rows. */
export interface Checkpoint {
  readonly position: number;
  /** How many events of the ledger have been read, which is the next event's index. */
  readonly size: number;
  /** The greatest recorded time so far. */
  readonly recorded_at: number;
  /** The right edge of the Merkle tree of the events so far: lower-case hex, largest subtree first. */
  readonly edge: readonly string[];
  /** `null` until the ledger's first event has been read. */
  readonly agreement: Agreement | null;
}

export const NOTHING_READ: Checkpoint = {
  position: 0,
  size: 0,
  recorded_at: 0,
  edge: [],
  agreement: null,
};

export type StatementKey = Pick<StatementRow, 'user_id' | 'period'>;
type MarkKey = StatementKey & LogPlace;
export type WaitingKey = Pick<WaitingRow, 'session_id' | 'attempt'>;

/** The changes that some events make: rows to write (by key) and rows to remove. */
export interface RowChanges {
  readonly sessions: readonly SessionRow[];
  readonly usageLogs: readonly UsageLogRow[];
  readonly waiting: readonly WaitingRow[];
  readonly statements: readonly StatementRow[];
  readonly marks: readonly MarkRow[];
  /** Differences that are added to existing rows; a row in which nothing is left is removed. */
  readonly usageDays: readonly UsageDayRow[];
  readonly periodSums: readonly PeriodSumsRow[];
  readonly accounts: readonly AccountRow[];
  readonly adjustments: readonly AdjustmentRow[];
  readonly requests: readonly RequestRow[];
  readonly merkleTiles: readonly MerkleTileRow[];
  /**
   * The users whose stored logs lose all that is personal, before other rows are written. The store does that, because
   * a user may have more logs than fit into memory.
   */
  readonly erasedUsers: readonly string[];
  readonly removedLogs: readonly string[];
  readonly removedWaiting: readonly WaitingKey[];
  readonly removedStatements: readonly StatementKey[];
  readonly removedMarks: readonly MarkKey[];
}

/** Rows that will be read one by one. */
export interface Wanted {
  readonly sessions?: readonly string[];
  /** The sessions whose logs will all be read. */
  readonly logsOf?: readonly string[];
  readonly accounts?: readonly string[];
  readonly statements?: readonly StatementKey[];
}

export type SessionOfUser = Pick<SessionRow, 'session_id' | 'user_id'>;

/** The rows that the fold reads back. */
export interface RowReader {
  /**
   * Reads in one step rows that will be needed one by one before the next commit. Left out unless the database is
   * reached over the network.
   */
  readAhead?(wanted: Wanted): Promise<void>;
  session(sessionId: string): Promise<SessionRow | undefined>;
  /** The sessions, of one user or of all, that an agreement in force from a moment on may affect: by user and time. */
  sessionsFrom(from: number, userId?: string): Promise<readonly SessionOfUser[]>;
  /** The ids of the sessions with a `retry_failed` log in a period, and a log of an earlier attempt in another. */
  sessionsSplitBy(period: string): Promise<readonly string[]>;
  /** A session's logs, including those from before a void. */
  sessionLogs(sessionId: string): Promise<readonly UsageLogRow[]>;
  account(userId: string): Promise<AccountRow | undefined>;
  merkleTile(level: number, number: number): Promise<MerkleTileRow | undefined>;
  statement(key: StatementKey): Promise<StatementRow | undefined>;
  /** All marks of a statement, in statement order. */
  marks(key: StatementKey): Promise<readonly MarkRow[]>;
  /**
   * The statement's logs from one rank (inclusive) to another (exclusive; `undefined`: the end), in statement order.
   */
  stretch(
    key: StatementKey,
    from: LogPlace,
    until: LogPlace | undefined,
  ): Promise<readonly RatedLogRow[]>;
}

/** The projector's side of a read model, for reading only. */
export interface RowsToRead extends RowReader {
  checkpoint(): Promise<Checkpoint>;
}

/** The projector's side of a read model. */
export interface RowStore extends RowsToRead {
  /**
   * Writes rows and checkpoint in one transaction. `next` may be at the same position.
   * @throws CheckpointMovedError if the checkpoint is not at `expectedPosition`: another projector moved it.
   */
  commit(changes: RowChanges, next: Checkpoint, expectedPosition: number): Promise<void>;
  /**
   * Writes rows that the next commit is to include, for more rows than fit into memory. Until that commit, only this
   * store reads them. If it fails, nothing of the commit is written.
   * @throws CheckpointMovedError as `commit` does.
   */
  writePart(changes: RowChanges, expectedPosition: number): Promise<void>;
  /** Gives up parts that no commit followed. Without any, it does nothing. */
  abandon(): Promise<void>;
  /** Empties all tables in one transaction, so that everything is derived again. */
  clear(): Promise<void>;
}

export class CheckpointMovedError extends Error {
  constructor() {
    super('Another projector has moved the checkpoint: nothing was written.');
    this.name = 'CheckpointMovedError';
  }
}
