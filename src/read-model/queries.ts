import { sql, type Kysely, type Transaction } from 'kysely';

import type { Account } from '../domain/account/agreement';
import type {
  AdjustmentRow,
  LogPlace,
  MerkleTileRow,
  RequestRow,
  SessionRow,
  StatementKey,
  StatementRow,
  UsageLogRow,
  WaitingRow,
} from './rows';
import { BILLING, type CheckpointRow, type ReadModelTables } from './tables';

type Reading = Kysely<ReadModelTables> | Transaction<ReadModelTables>;

/** Where a listing goes on: after this row, in its order. */
export type After = Pick<LogPlace, 'completed_at' | 'session_id' | 'attempt'>;

export interface LogFilter {
  readonly period?: string | undefined;
  readonly provider?: string | undefined;
  readonly transcriptionType?: string | undefined;
}

/** A place of the ledger that the read model stands at, and what the ledger as a whole was told by then. */
export interface Standing {
  readonly position: number;
  readonly size: number;
  readonly recordedAt: number;
  /** The Merkle tree's right edge. */
  readonly edge: readonly string[];
  /** JSON: `Agreement`. */
  readonly agreement: string;
}

/** Reads of one snapshot of the read model. */
export class ReadModelSnapshot {
  private checkpointRow: Promise<CheckpointRow | undefined> | undefined;

  constructor(private readonly db: Reading) {}

  /** The position of the last event in it; 0 where there is none. */
  async position(): Promise<number> {
    return Number((await this.checkpoint())?.position ?? 0);
  }

  /** `undefined` while the ledger's first event was not yet read. */
  async standing(): Promise<Standing | undefined> {
    const row = await this.checkpoint();
    if (row === undefined || row.agreement === null) return undefined;
    return {
      position: Number(row.position),
      size: Number(row.size),
      recordedAt: Number(row.recorded_at),
      edge: row.edge === '' ? [] : row.edge.split(' '),
      agreement: row.agreement,
    };
  }

  /** Of one snapshot it is the same each time. */
  private checkpoint(): Promise<CheckpointRow | undefined> {
    return (this.checkpointRow ??= this.db
      .selectFrom('checkpoints')
      .selectAll()
      .where('name', '=', BILLING)
      .executeTakeFirst());
  }

  merkleTile(level: number, number: number): Promise<MerkleTileRow | undefined> {
    return this.db
      .selectFrom('merkle_tiles')
      .selectAll()
      .where('level', '=', level)
      .where('number', '=', number)
      .executeTakeFirst();
  }

  /** The newest tile of leaves, `undefined` while there is none. */
  lastLeafTile(): Promise<MerkleTileRow | undefined> {
    return this.leafTiles().executeTakeFirst();
  }

  /** The last tile of leaves that begins at or before a position. */
  leafTileAt(position: number): Promise<MerkleTileRow | undefined> {
    return this.leafTiles().where('after_position', '<=', position).executeTakeFirst();
  }

  /** The last tile of leaves before which nothing was recorded after a time. */
  leafTileAtTime(time: number): Promise<MerkleTileRow | undefined> {
    return this.leafTiles().where('after_recorded_at', '<=', time).executeTakeFirst();
  }

  private leafTiles() {
    return this.db
      .selectFrom('merkle_tiles')
      .selectAll()
      .where('level', '=', 0)
      .orderBy('number', 'desc')
      .limit(1);
  }

  /** What was agreed with a user; `undefined` where nothing was. */
  async account(userId: string): Promise<Account | undefined> {
    const row = await this.db
      .selectFrom('accounts')
      .select('account')
      .where('user_id', '=', userId)
      .executeTakeFirst();
    return row && (JSON.parse(row.account) as Account);
  }

  /** Whether anything in the ledger names a user: an event, or a plan. */
  async knowsUser(userId: string): Promise<boolean> {
    for (const table of ['accounts', 'sessions', 'statements'] as const) {
      const found = await this.db
        .selectFrom(table)
        .select('user_id')
        .where('user_id', '=', userId)
        .limit(1)
        .executeTakeFirst();
      if (found !== undefined) return true;
    }
    return false;
  }

  /** A user's statement of one period. */
  statement(userId: string, period: string): Promise<StatementRow | undefined> {
    return this.db
      .selectFrom('statements')
      .selectAll()
      .where('user_id', '=', userId)
      .where('period', '=', period)
      .executeTakeFirst();
  }

  /** A user's statements from a period on. */
  userStatements(userId: string, fromPeriod: string): Promise<StatementRow[]> {
    return this.db
      .selectFrom('statements')
      .selectAll()
      .where('user_id', '=', userId)
      .where('period', '>=', fromPeriod)
      .orderBy('period')
      .execute();
  }

  /** The periods that have a statement, oldest first. */
  async statementPeriods(): Promise<string[]> {
    const rows = await this.db
      .selectFrom('statements')
      .select('period')
      .distinct()
      .orderBy('period')
      .execute();
    return rows.map((row) => row.period);
  }

  /** The statements of a period, a page by user. */
  periodStatements(period: string, afterUser: string, limit: number): Promise<StatementRow[]> {
    return this.db
      .selectFrom('statements')
      .selectAll()
      .where('period', '=', period)
      .where('user_id', '>', afterUser)
      .orderBy('user_id')
      .limit(limit)
      .execute();
  }

  /** The users of sessions to which it matters what is agreed from a moment on, a page by id. */
  async usersFrom(from: number, afterUser: string, limit: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('sessions')
      .select('user_id')
      .distinct()
      .where('last_at', '>=', from)
      .where('user_id', '>', afterUser)
      .orderBy('user_id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.user_id);
  }

  /**
   * The usage logs of a period over all users, in the order of {@link LogPlace}: within a user it is statement order.
   * A page after a place (exclusive).
   */
  periodLogs(period: string, after: LogPlace, limit: number): Promise<UsageLogRow[]> {
    return this.db
      .selectFrom('usage_logs')
      .selectAll()
      .where('billing_period', '=', period)
      .where(
        sql<boolean>`(late_position, completed_at, session_id, attempt) > (${after.late_position}, ${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      )
      .orderBy('late_position')
      .orderBy('completed_at')
      .orderBy('session_id')
      .orderBy('attempt')
      .limit(limit)
      .execute();
  }

  /** The adjustments that count in a period, in ledger order: a page after a position (exclusive). */
  periodAdjustments(period: string, after: number, limit: number): Promise<AdjustmentRow[]> {
    return this.db
      .selectFrom('adjustments')
      .selectAll()
      .where('billing_period', '=', period)
      .where('position', '>', after)
      .orderBy('position')
      .limit(limit)
      .execute();
  }

  /** The sessions with an attempt that has been open since a moment or longer, oldest first: a page. */
  openSessions(until: number, after: After | undefined, limit: number): Promise<SessionRow[]> {
    let query = this.db.selectFrom('sessions').selectAll().where('open_since', '<=', until);
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(open_since, session_id, open_attempt) > (${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      );
    }
    return query.orderBy('open_since').orderBy('session_id').limit(limit).execute();
  }

  /** How many sessions have an attempt that has been open since a moment or longer. */
  async countOpenSessions(until: number): Promise<number> {
    const row = await this.db
      .selectFrom('sessions')
      .select((select) => select.fn.countAll().as('count'))
      .where('open_since', '<=', until)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** A user's logs that completed in `[from, to)`, oldest first, a page. */
  userLogsBetween(
    userId: string,
    from: number,
    to: number,
    after: After | undefined,
    limit: number,
  ): Promise<UsageLogRow[]> {
    let query = this.db
      .selectFrom('usage_logs')
      .selectAll()
      .where('user_id', '=', userId)
      .where('completed_at', '>=', from)
      .where('completed_at', '<', to);
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(completed_at, session_id, attempt) > (${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      );
    }
    return query
      .orderBy('completed_at')
      .orderBy('session_id')
      .orderBy('attempt')
      .limit(limit)
      .execute();
  }

  /** Whether an attempt, of one user or of any, that completed in `[from, to)` waits. */
  async anyWaiting(from: number, to: number, userId?: string): Promise<boolean> {
    let query = this.db
      .selectFrom('waiting')
      .select('session_id')
      .where('completed_at', '>=', from)
      .where('completed_at', '<', to);
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    return (await query.limit(1).executeTakeFirst()) !== undefined;
  }

  /** The time of the oldest waiting attempt that completed at a moment or after it, `undefined` where none waits. */
  async firstWaiting(from: number): Promise<number | undefined> {
    const row = await this.db
      .selectFrom('waiting')
      .select('completed_at')
      .where('completed_at', '>=', from)
      .orderBy('completed_at')
      .limit(1)
      .executeTakeFirst();
    return row?.completed_at;
  }

  /** A request that was taken under a key, `undefined` if none was. */
  request(scope: string, key: string): Promise<RequestRow | undefined> {
    return this.db
      .selectFrom('requests')
      .selectAll()
      .where('scope', '=', scope)
      .where('key', '=', key)
      .executeTakeFirst();
  }

  adjustment(id: string): Promise<AdjustmentRow | undefined> {
    return this.db.selectFrom('adjustments').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The adjustment that voids another, `undefined` if none does. */
  adjustmentVoiding(id: string): Promise<AdjustmentRow | undefined> {
    return this.db.selectFrom('adjustments').selectAll().where('voids', '=', id).executeTakeFirst();
  }

  log(id: string): Promise<UsageLogRow | undefined> {
    return this.db.selectFrom('usage_logs').selectAll().where('id', '=', id).executeTakeFirst();
  }

  /** The statement's last log before a place. */
  logBefore(key: StatementKey, place: LogPlace): Promise<UsageLogRow | undefined> {
    return this.db
      .selectFrom('usage_logs')
      .selectAll()
      .where('user_id', '=', key.user_id)
      .where('billing_period', '=', key.period)
      .where(
        sql<boolean>`(late_position, completed_at, session_id, attempt) < (${place.late_position}, ${place.completed_at}, ${place.session_id}, ${place.attempt})`,
      )
      .orderBy('late_position', 'desc')
      .orderBy('completed_at', 'desc')
      .orderBy('session_id', 'desc')
      .orderBy('attempt', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  session(sessionId: string): Promise<SessionRow | undefined> {
    return this.db
      .selectFrom('sessions')
      .selectAll()
      .where('session_id', '=', sessionId)
      .executeTakeFirst();
  }

  /** The ids of the sessions that are a user's now. */
  async userSessions(userId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('sessions')
      .select('session_id')
      .where('user_id', '=', userId)
      .execute();
    return rows.map((row) => row.session_id);
  }

  /** The sessions that were ever voided, and how often: each void was asked for under a key. */
  async voidedSessions(): Promise<{ session_id: string; voids: number }[]> {
    const rows = await this.db
      .selectFrom('requests')
      .select((select) => ['scope', select.fn.countAll().as('voids')])
      .where('scope', '>=', SESSION_SCOPES.from)
      .where('scope', '<', SESSION_SCOPES.to)
      .groupBy('scope')
      .execute();
    return rows.map(({ scope, voids }) => ({
      session_id: scope.slice(SESSION_SCOPES.from.length),
      voids: Number(voids),
    }));
  }

  /** A session's logs by attempt: their ids begin with the session's, and `~` is in no id of a session. */
  sessionLogs(sessionId: string): Promise<UsageLogRow[]> {
    return this.db
      .selectFrom('usage_logs')
      .selectAll()
      .where('id', '>=', `${sessionId}~`)
      .where('id', '<', `${sessionId}~\u007f`)
      .orderBy('attempt')
      .execute();
  }

  /** A user's logs, newest first. */
  userLogs(
    userId: string,
    filter: LogFilter,
    after: After | undefined,
    limit: number,
  ): Promise<UsageLogRow[]> {
    let query = this.db.selectFrom('usage_logs').selectAll().where('user_id', '=', userId);
    if (filter.period !== undefined) query = query.where('billing_period', '=', filter.period);
    if (filter.provider !== undefined) query = query.where('stt_provider', '=', filter.provider);
    if (filter.transcriptionType !== undefined) {
      query = query.where('transcription_type', '=', filter.transcriptionType);
    }
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(completed_at, session_id, attempt) < (${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      );
    }
    return query
      .orderBy('completed_at', 'desc')
      .orderBy('session_id', 'desc')
      .orderBy('attempt', 'desc')
      .limit(limit)
      .execute();
  }

  /** What waits, oldest first. */
  waiting(after: After | undefined, limit: number): Promise<WaitingRow[]> {
    let query = this.db.selectFrom('waiting').selectAll();
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(completed_at, session_id, attempt) > (${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      );
    }
    return query
      .orderBy('completed_at')
      .orderBy('session_id')
      .orderBy('attempt')
      .limit(limit)
      .execute();
  }
}

/** Between which the scopes of requests lie that concern a session: its stream's name. */
const SESSION_SCOPES = { from: 'session-', to: 'session.' };

/** The place before all logs of a period. */
export const BEFORE_ALL: LogPlace = {
  late_position: -1,
  completed_at: 0,
  session_id: '',
  attempt: 0,
};

/** The queries' side of a read model. */
export class ReadModel {
  constructor(private readonly db: Kysely<ReadModelTables>) {}

  /** Runs reads on one snapshot, so that rows and position fit each other. */
  read<T>(work: (snapshot: ReadModelSnapshot) => Promise<T>): Promise<T> {
    return this.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((transaction) => work(new ReadModelSnapshot(transaction)));
  }
}
