import { sql, type Kysely } from 'kysely';

import type { Account } from '../domain/account/agreement';
import { placeValues, type LogPlace } from '../domain/billing/place';
import { SESSION_STREAMS } from '../domain/events/facts';
import type { TranscriptionType } from '../domain/session/attempts';
import {
  RATED_COLUMNS,
  type AccountRow,
  type AdjustmentRow,
  type MarkRow,
  type MerkleTileRow,
  type PeriodSumsRow,
  type RatedLogRow,
  type RequestRow,
  type SessionRow,
  type StatementKey,
  type StatementRow,
  type UsageDayRow,
  type UsageLogRow,
  type WaitingRow,
} from './rows';
import { BARE_COLUMNS, describedPage, selectBare, type BareLogRow } from './described-logs';
import { KeptQuery } from './kept-query';
import { Listings, type Reading } from './listings';
import { NO_KEYS, type PersonalReader } from './revealed';
import { BILLING, type CheckpointRow, type ReadModelTables } from './tables';

/** The row after which a listing continues, in its order. */
export type After = Pick<LogPlace, 'completed_at' | 'session_id' | 'attempt'>;

/** The place of a log in a list. After a void in a closed period, logs may share time, session and attempt. */
export type LogAfter = After & Pick<LogPlace, 'late_position'>;

/** A {@link LogAfter}, and the usage period of that row. */
export interface AfterInPeriod extends LogAfter {
  readonly period: string;
}

/** A range `[from, to)` of a user's logs by completion, in milliseconds since 1970, and the periods of its bounds. */
export interface TimeRange {
  readonly userId: string;
  readonly from: number;
  readonly to: number;
  readonly firstPeriod: string;
  readonly lastPeriod: string;
}

/** Which card rates a provider's logs; `null` = none, as they cost nothing. */
export type CardOfProvider = Pick<UsageLogRow, 'rate_card_id' | 'stt_provider'>;

export interface LogFilter {
  readonly period?: string | undefined;
  readonly provider?: string | undefined;
  readonly transcriptionType?: TranscriptionType | undefined;
}

/** Where in the ledger the read model is, and the agreement at that point. */
export interface Standing {
  readonly position: number;
  readonly size: number;
  readonly recordedAt: number;
  /** The Merkle tree's right edge. */
  readonly edge: readonly string[];
  /** JSON: `Agreement`. */
  readonly agreement: string;
}

const CHECKPOINT = new KeptQuery<[name: string], CheckpointRow>(
  (db, name) => db.selectFrom('checkpoints').selectAll().where('name', '=', name),
  [''],
);
const ACCOUNT = new KeptQuery<[user: string], Pick<AccountRow, 'account'>>(
  (db, user) => db.selectFrom('accounts').select('account').where('user_id', '=', user),
  [''],
);
const STATEMENT = new KeptQuery<[user: string, period: string], StatementRow>(
  (db, user, period) =>
    db
      .selectFrom('statements')
      .selectAll()
      .where('user_id', '=', user)
      .where('period', '=', period),
  ['', ''],
);

/** Reads one snapshot of the read model. */
export class ReadModelSnapshot {
  private checkpointRow: Promise<CheckpointRow | undefined> | undefined;
  /** Lists over all users. */
  readonly listings: Listings;

  /** @param personal opens the personal values of logs; without it they stay sealed. */
  constructor(
    private readonly db: Reading,
    readonly personal: PersonalReader = NO_KEYS,
  ) {
    this.listings = new Listings(db);
  }

  /** Returns the position of the last event in the snapshot; 0 if there is none. */
  async position(): Promise<number> {
    return Number((await this.checkpoint())?.position ?? 0);
  }

  /** Returns the checkpoint; `undefined` until the ledger's first event has been read. */
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

  /** Read once: a snapshot's checkpoint never changes. */
  private checkpoint(): Promise<CheckpointRow | undefined> {
    return (this.checkpointRow ??= CHECKPOINT.first(this.db, BILLING));
  }

  merkleTile(level: number, number: number): Promise<MerkleTileRow | undefined> {
    return this.db
      .selectFrom('merkle_tiles')
      .selectAll()
      .where('level', '=', level)
      .where('number', '=', number)
      .executeTakeFirst();
  }

  /** Returns the newest tile of leaves; `undefined` if there is none yet. */
  lastLeafTile(): Promise<MerkleTileRow | undefined> {
    return this.leafTiles().orderBy('number', 'desc').executeTakeFirst();
  }

  /** Returns the last tile of leaves that begins at or before a position. */
  leafTileAt(position: number): Promise<MerkleTileRow | undefined> {
    return this.leafTiles()
      .where('after_position', '<=', position)
      .orderBy('after_position', 'desc')
      .executeTakeFirst();
  }

  /** Returns the last tile of leaves whose earlier events were all recorded at or before a time. */
  leafTileAtTime(time: number): Promise<MerkleTileRow | undefined> {
    return this.leafTiles()
      .where('after_recorded_at', '<=', time)
      .orderBy('after_recorded_at', 'desc')
      .orderBy('number', 'desc')
      .executeTakeFirst();
  }

  /** A query orders by the column that it bounds: an index has them in that order, and it is the order of numbers. */
  private leafTiles() {
    return this.db.selectFrom('merkle_tiles').selectAll().where('level', '=', 0).limit(1);
  }

  /** Returns what was agreed with a user; `undefined` if nothing was. */
  async account(userId: string): Promise<Account | undefined> {
    const row = await ACCOUNT.first(this.db, userId);
    return row && (JSON.parse(row.account) as Account);
  }

  /** Returns whether anything in the ledger names a user: an event, or a plan. */
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
    return STATEMENT.first(this.db, userId, period);
  }

  /** The statements of some users from a period on. */
  statementsOf(userIds: readonly string[], fromPeriod: string): Promise<StatementRow[]> {
    return this.db
      .selectFrom('statements')
      .selectAll()
      .where('user_id', 'in', [...userIds])
      .where('period', '>=', fromPeriod)
      .execute();
  }

  /** The accounts of some users, without users who have none. */
  accountsOf(userIds: readonly string[]): Promise<AccountRow[]> {
    return this.db
      .selectFrom('accounts')
      .selectAll()
      .where('user_id', 'in', [...userIds])
      .execute();
  }

  /** The waiting attempts of some sessions. */
  waitingOf(sessionIds: readonly string[]): Promise<WaitingRow[]> {
    return this.db
      .selectFrom('waiting')
      .selectAll()
      .where('session_id', 'in', [...sessionIds])
      .execute();
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
      .selectFrom('period_sums')
      .select('period')
      .distinct()
      .where('kind', '=', 'total')
      .orderBy('period')
      .execute();
    return rows.map((row) => row.period);
  }

  /** The statements of a period: a page, by user. */
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

  /** Returns which cards rate which providers' logs in a currency from a moment on. */
  rateCardsFrom(from: number, currency: string): Promise<CardOfProvider[]> {
    return this.db
      .selectFrom('usage_logs')
      .select(['rate_card_id', 'stt_provider'])
      .distinct()
      .where('completed_at', '>=', from)
      .where('currency', '=', currency)
      .execute();
  }

  /** The users who have logs from a moment on that certain cards rate, for certain providers: a page, by id. */
  async usersRatedFrom(
    from: number,
    rated: readonly CardOfProvider[],
    afterUser: string,
    limit: number,
  ): Promise<string[]> {
    const rows = await this.db
      .selectFrom('usage_logs')
      .select('user_id')
      .distinct()
      .where('completed_at', '>=', from)
      .where('user_id', '>', afterUser)
      .where((log) =>
        log.or(
          rated.map(({ rate_card_id: id, stt_provider: provider }) =>
            log.and([
              log('rate_card_id', id === null ? 'is' : '=', id),
              log('stt_provider', '=', provider),
            ]),
          ),
        ),
      )
      .orderBy('user_id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.user_id);
  }

  /** The users who have attempts waiting that completed at or after a moment: a page, by id. */
  async usersWaitingFrom(from: number, afterUser: string, limit: number): Promise<string[]> {
    const rows = await this.db
      .selectFrom('waiting')
      .select('user_id')
      .distinct()
      .where('completed_at', '>=', from)
      .where('user_id', '>', afterUser)
      .orderBy('user_id')
      .limit(limit)
      .execute();
    return rows.map((row) => row.user_id);
  }

  /**
   * The usage logs of a period over all users, in rank order, which within a user is statement order: a page after a
   * rank (exclusive). If logs are large, a page is short; it is empty only at the end.
   */
  async periodLogs(period: string, after: LogPlace, limit: number): Promise<UsageLogRow[]> {
    const rows = await selectBare(this.db.selectFrom('usage_logs'))
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
    return describedPage(this.db, rows);
  }

  /** The late logs of a usage period and provider that are billed in a later period: a page, by id. As above. */
  async logsBilledLater(
    usagePeriod: string,
    provider: string,
    after: string,
    limit: number,
  ): Promise<UsageLogRow[]> {
    const rows = await selectBare(this.db.selectFrom('usage_logs'))
      .where('late_position', '>', 0)
      .where('usage_period', '=', usagePeriod)
      .where('billing_period', '>', usagePeriod)
      .where('stt_provider', '=', provider)
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    return describedPage(this.db, rows);
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

  /** The sessions with an attempt that has been open since a moment or longer: a page, oldest first. */
  openSessions(until: number, after: After | undefined, limit: number): Promise<SessionRow[]> {
    let query = this.db.selectFrom('sessions').selectAll().where('open_since', '<=', until);
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(open_since, session_id, open_attempt) > (${after.completed_at}, ${after.session_id}, ${after.attempt})`,
      );
    }
    return query.orderBy('open_since').orderBy('session_id').limit(limit).execute();
  }

  /** Returns how many sessions have an attempt that has been open since a moment or longer. */
  async countOpenSessions(until: number): Promise<number> {
    const row = await this.db
      .selectFrom('sessions')
      .select((select) => select.fn.countAll().as('count'))
      .where('open_since', '<=', until)
      .executeTakeFirstOrThrow();
    return Number(row.count);
  }

  /** The sums of a user's logs in a range of days (inclusive, `YYYY-MM-DD`) and currency, by day and billing period. */
  usageDays(userId: string, from: string, to: string, currency: string): Promise<UsageDayRow[]> {
    return this.db
      .selectFrom('usage_days')
      .selectAll()
      .where('user_id', '=', userId)
      .where('day', '>=', from)
      .where('day', '<=', to)
      .where('currency', '=', currency)
      .execute();
  }

  /** The sums of a period over all users. */
  periodSums(period: string): Promise<PeriodSumsRow[]> {
    return this.db.selectFrom('period_sums').selectAll().where('period', '=', period).execute();
  }

  /** The statements of a period with the highest charges in one currency, at most `limit`; equal ones by user. */
  topStatements(period: string, limit: number): Promise<StatementRow[]> {
    return this.db
      .selectFrom('statements')
      .selectAll()
      .where('period', '=', period)
      .orderBy('most_cents', 'desc')
      .orderBy('user_id')
      .limit(limit)
      .execute();
  }

  /**
   * A user's logs that completed in `[from, to)`, oldest first, without their descriptions: a page of the late ones, or
   * of the others.
   */
  userLogsBetween(range: TimeRange, late: boolean, after: LogAfter | undefined, limit: number) {
    const { userId, from, to, firstPeriod, lastPeriod } = range;
    let query = this.db
      .selectFrom('usage_logs')
      .select(BARE_COLUMNS)
      .select(sql<string>`'{}'`.as('described'))
      .where('user_id', '=', userId)
      .where('completed_at', '>=', from)
      .where('completed_at', '<', to);
    if (after !== undefined) {
      query = query.where(
        sql<boolean>`(completed_at, session_id, attempt, late_position) > (${after.completed_at}, ${after.session_id}, ${after.attempt}, ${after.late_position})`,
      );
    }
    query = late
      ? query.where('late_position', '>', 0)
      : query
          .where('late_position', '=', 0)
          .where('billing_period', '>=', firstPeriod)
          .where('billing_period', '<=', lastPeriod)
          .orderBy('billing_period');
    return query
      .orderBy('completed_at')
      .orderBy('session_id')
      .orderBy('attempt')
      .orderBy('late_position')
      .limit(limit)
      .execute();
  }

  /** Returns whether an attempt that completed in `[from, to)` is waiting, of one user or of any. */
  async anyWaiting(from: number, to: number, userId?: string): Promise<boolean> {
    let query = this.db
      .selectFrom('waiting')
      .select('session_id')
      .where('completed_at', '>=', from)
      .where('completed_at', '<', to);
    if (userId !== undefined) query = query.where('user_id', '=', userId);
    return (await query.limit(1).executeTakeFirst()) !== undefined;
  }

  /** Returns when the oldest attempt that waits completed, of those at or after a moment; `undefined` if none waits. */
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

  /** The request that was accepted under a key; `undefined` if none was. */
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

  /** The adjustment that voids another; `undefined` if none does. */
  adjustmentVoiding(id: string): Promise<AdjustmentRow | undefined> {
    return this.db.selectFrom('adjustments').selectAll().where('voids', '=', id).executeTakeFirst();
  }

  /** @param onlyUser the user to whom it must belong; `null` for anyone. */
  log(id: string, onlyUser: string | null = null): Promise<UsageLogRow | undefined> {
    return this.db
      .selectFrom('usage_logs')
      .selectAll()
      .where('id', '=', id)
      .$if(onlyUser !== null, (logs) => logs.where('user_id', '=', onlyUser!))
      .executeTakeFirst();
  }

  /** The last mark of a statement at or before a rank. */
  markAt(key: StatementKey, place: LogPlace): Promise<MarkRow | undefined> {
    return this.db
      .selectFrom('marks')
      .selectAll()
      .where('user_id', '=', key.user_id)
      .where('period', '=', key.period)
      .where(standsAt('<=', place))
      .orderBy('late_position', 'desc')
      .orderBy('completed_at', 'desc')
      .orderBy('session_id', 'desc')
      .orderBy('attempt', 'desc')
      .limit(1)
      .executeTakeFirst();
  }

  /** The logs of a statement from one rank (inclusive) to another (exclusive), in statement order. */
  stretch(
    key: StatementKey,
    from: LogPlace,
    until: LogPlace,
    limit?: number,
  ): Promise<RatedLogRow[]> {
    const query = this.db
      .selectFrom('usage_logs')
      .select(RATED_COLUMNS)
      .where('user_id', '=', key.user_id)
      .where('billing_period', '=', key.period)
      .where(standsAt('>=', from))
      .where(standsAt('<', until))
      .orderBy('late_position')
      .orderBy('completed_at')
      .orderBy('session_id')
      .orderBy('attempt');
    return (limit === undefined ? query : query.limit(limit)).execute();
  }

  /** @param onlyUser the user to whom it must belong; `null` for anyone. */
  session(sessionId: string, onlyUser: string | null = null): Promise<SessionRow | undefined> {
    return this.db
      .selectFrom('sessions')
      .selectAll()
      .where('session_id', '=', sessionId)
      .$if(onlyUser !== null, (sessions) => sessions.where('user_id', '=', onlyUser!))
      .executeTakeFirst();
  }

  /** The ids of the sessions that belong to a user now. */
  async userSessions(userId: string): Promise<string[]> {
    const rows = await this.db
      .selectFrom('sessions')
      .select('session_id')
      .where('user_id', '=', userId)
      .execute();
    return rows.map((row) => row.session_id);
  }

  /** All sessions that were ever voided, with the number of voids: every void has a row in `requests`. */
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

  /**
   * A session's logs, by attempt: a page after a log. Their ids begin with the session's id and a `~`, which no session
   * id contains. If logs are large, a page is short; it is empty only at the end.
   * @param onlyUser the user to whom the logs must belong; `null` for anyone. Logs from before a void may be another's.
   */
  async sessionLogs(
    sessionId: string,
    onlyUser: string | null,
    after: { readonly attempt: number; readonly id: string } = { attempt: 0, id: '' },
  ): Promise<UsageLogRow[]> {
    const rows = await selectBare(this.db.selectFrom('usage_logs'))
      .where('id', '>=', `${sessionId}~`)
      .where('id', '<', `${sessionId}~\u007f`)
      .where((log) => log(log.refTuple('attempt', 'id'), '>', log.tuple(after.attempt, after.id)))
      .$if(onlyUser !== null, (logs) => logs.where('user_id', '=', onlyUser!))
      .orderBy('attempt')
      .orderBy('id')
      .execute();
    return describedPage(this.db, rows);
  }

  /** A user's logs, newest first: a page. If logs are large, it is short; it is empty only at the end. */
  async userLogs(
    userId: string,
    filter: LogFilter,
    after: AfterInPeriod | undefined,
    limit: number,
  ): Promise<UsageLogRow[]> {
    const inTime = await this.newestLogs(userId, filter, after, limit, false);
    const late = await this.newestLogs(userId, filter, after, limit, true);
    const rows =
      late.length === 0 ? inTime : [...inTime, ...late].sort(newestFirst).slice(0, limit);
    return describedPage(this.db, rows);
  }

  /**
   * Returns a user's late logs, or the others, newest first. Logs that are not late are ordered by time within each
   * period, and so across periods; late logs have an index of their own.
   */
  private newestLogs(
    userId: string,
    filter: LogFilter,
    after: AfterInPeriod | undefined,
    limit: number,
    late: boolean,
  ): Promise<BareLogRow[]> {
    let query = selectBare(this.db.selectFrom('usage_logs')).where('user_id', '=', userId);
    if (filter.period !== undefined) query = query.where('billing_period', '=', filter.period);
    if (filter.provider !== undefined) query = query.where('stt_provider', '=', filter.provider);
    if (filter.transcriptionType !== undefined) {
      query = query.where('transcription_type', '=', filter.transcriptionType);
    }
    if (late) {
      query = query.where('late_position', '>', 0);
      if (after !== undefined) {
        query = query.where(
          sql<boolean>`(completed_at, session_id, attempt, -late_position) < (${after.completed_at}, ${after.session_id}, ${after.attempt}, ${-after.late_position})`,
        );
      }
    } else {
      query = query.where('late_position', '=', 0);
      if (after !== undefined) {
        query = query.where(
          sql<boolean>`(billing_period, late_position, completed_at, session_id, attempt) < (${after.period}, 0, ${after.completed_at}, ${after.session_id}, ${after.attempt})`,
        );
      }
      query = query.orderBy('billing_period', 'desc').orderBy('late_position', 'desc');
    }
    return query
      .orderBy('completed_at', 'desc')
      .orderBy('session_id', 'desc')
      .orderBy('attempt', 'desc')
      .$if(late, (logs) => logs.orderBy('late_position'))
      .limit(limit)
      .execute();
  }

  /** Waiting attempts, oldest first. */
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

function standsAt(operator: '<' | '<=' | '>' | '>=', place: LogPlace) {
  return sql<boolean>`(late_position, completed_at, session_id, attempt) ${sql.raw(operator)} (${sql.join(placeValues(place))})`;
}

function newestFirst(a: LogAfter, b: LogAfter): number {
  return (
    b.completed_at - a.completed_at ||
    (a.session_id < b.session_id ? 1 : a.session_id > b.session_id ? -1 : b.attempt - a.attempt) ||
    a.late_position - b.late_position
  );
}

/**
 * The bounds of the scopes of requests about sessions. Such a scope is the name of the session's stream. In ASCII, the
 * dot comes right after the hyphen.
 */
const SESSION_SCOPES = { from: SESSION_STREAMS, to: SESSION_STREAMS.replace('-', '.') };

/** The rank before all logs of a period. */
export const BEFORE_ALL: LogPlace = {
  late_position: -1,
  completed_at: 0,
  session_id: '',
  attempt: 0,
};

/** The queries' side of a read model. */
export class ReadModel {
  /** @param personal as for {@link ReadModelSnapshot}. */
  constructor(
    private readonly db: Kysely<ReadModelTables>,
    private readonly personal: PersonalReader = NO_KEYS,
  ) {}

  /** Runs reads on one snapshot, so that rows and position agree. */
  read<T>(work: (snapshot: ReadModelSnapshot) => Promise<T>): Promise<T> {
    return this.db
      .transaction()
      .setIsolationLevel('repeatable read')
      .setAccessMode('read only')
      .execute((transaction) => work(new ReadModelSnapshot(transaction, this.personal)));
  }
}
