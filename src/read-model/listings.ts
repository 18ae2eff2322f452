import { sql, type Kysely, type RawBuilder, type Transaction } from 'kysely';

import { BARE_COLUMNS } from './described-logs';
import type { AdjustmentRow, RequestRow, SessionRow, UsageLogRow } from './rows';
import type { ReadModelTables } from './tables';

export type Reading = Kysely<ReadModelTables> | Transaction<ReadModelTables>;

/** What can be listed and found by id. */
const IDS = {
  users: { table: 'statements', column: 'user_id', isUnique: false },
  sessions: { table: 'sessions', column: 'session_id', isUnique: true },
  logs: { table: 'usage_logs', column: 'id', isUnique: true },
} as const;

export type IdKind = keyof typeof IDS;

/** The most ids that one search goes through, all of them in an index. */
const LOOKED_AT = 50_000;

/** Ids, in order. */
export interface FoundIds {
  readonly ids: readonly string[];
  /** The id after which to continue the search; `undefined` at the end. The next page may be empty. */
  readonly next: string | undefined;
}

/** The first and the last period in which a user has a statement. */
export interface UserPeriods {
  readonly user_id: string;
  readonly first_period: string;
  readonly last_period: string;
}

/** Which adjustments are listed. */
export interface AdjustmentFilter {
  readonly userId?: string | undefined;
  /** The period in which they count. */
  readonly period?: string | undefined;
}

/** Reads lists over all users, each along an index and of bounded length. */
export class Listings {
  constructor(private readonly db: Reading) {}

  /** @param part what the ids must contain, in any case of ASCII letters; if `undefined`, all are listed. */
  async ids(
    kind: IdKind,
    part: string | undefined,
    after: string,
    limit: number,
    lookedAt = LOOKED_AT,
  ): Promise<FoundIds> {
    if (part === undefined) {
      const ids = await this.read(inOrder(kind, after, limit + 1));
      const shown = ids.slice(0, limit);
      return { ids: shown, next: ids.length > limit ? shown.at(-1) : undefined };
    }
    const window = inOrder(kind, after, lookedAt);
    const ids = await this.read(
      sql`select id from (${window}) as looked_at where lower(id) like ${pattern(part)} escape '!' order by id limit ${limit + 1}`,
    );
    const shown = ids.slice(0, limit);
    if (ids.length > limit) return { ids: shown, next: shown.at(-1) };
    const [last] = await this.read(
      sql`select id from (${window}) as looked_at order by id limit 1 offset ${lookedAt - 1}`,
    );
    return { ids: shown, next: last };
  }

  private async read(ids: RawBuilder<unknown>): Promise<string[]> {
    const { rows } = await (ids as RawBuilder<{ id: string }>).execute(this.db);
    return rows.map(({ id }) => id);
  }

  userPeriods(userIds: readonly string[]): Promise<UserPeriods[]> {
    if (userIds.length === 0) return Promise.resolve([]);
    return this.db
      .selectFrom('statements')
      .select((select) => [
        'user_id',
        select.fn.min('period').as('first_period'),
        select.fn.max('period').as('last_period'),
      ])
      .where('user_id', 'in', [...userIds])
      .groupBy('user_id')
      .execute();
  }

  sessions(ids: readonly string[]): Promise<SessionRow[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.db
      .selectFrom('sessions')
      .selectAll()
      .where('session_id', 'in', [...ids])
      .execute();
  }

  /** The logs with these ids, without their descriptions. */
  logs(ids: readonly string[]): Promise<Omit<UsageLogRow, 'described'>[]> {
    if (ids.length === 0) return Promise.resolve([]);
    return this.db
      .selectFrom('usage_logs')
      .select(BARE_COLUMNS)
      .where('id', 'in', [...ids])
      .execute();
  }

  /** Returns the adjustments before a position, newest first. */
  adjustments(
    { userId, period }: AdjustmentFilter,
    before: number,
    limit: number,
  ): Promise<AdjustmentRow[]> {
    return this.db
      .selectFrom('adjustments')
      .selectAll()
      .$if(userId !== undefined, (all) => all.where('user_id', '=', userId!))
      .$if(period !== undefined, (all) => all.where('billing_period', '=', period!))
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
  }

  /** Returns the ids of the adjustments that void the given ones, by the id of the voided adjustment. */
  async voidsOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    if (ids.length === 0) return new Map();
    const rows = await this.db
      .selectFrom('adjustments')
      .select(['id', 'voids'])
      .where('voids', 'in', [...ids])
      .execute();
    return new Map(rows.map(({ id, voids }) => [voids!, id]));
  }

  /** Returns what finance wrote before a position, newest first. */
  writes(before: number, limit: number): Promise<Pick<RequestRow, 'position' | 'written'>[]> {
    return this.db
      .selectFrom('requests')
      .select(['position', 'written'])
      .where('position', '<', before)
      .orderBy('position', 'desc')
      .limit(limit)
      .execute();
  }

  /** Returns when a user's first and last logs completed, in milliseconds since 1970; `undefined` without a log. */
  async usageTimes(userId: string): Promise<{ first: number; last: number } | undefined> {
    const times: number[] = [];
    for (const direction of ['asc', 'desc'] as const) {
      for (const late of [false, true]) {
        const time = await this.endOf(userId, direction, late);
        if (time !== undefined) times.push(time);
      }
    }
    if (times.length === 0) return undefined;
    return { first: Math.min(...times), last: Math.max(...times) };
  }

  /**
   * Returns when a user's first or last log completed, among the late logs or among the others. Logs that are not late
   * are ordered by time within each period; late logs have an index of their own.
   */
  private async endOf(userId: string, direction: 'asc' | 'desc', late: boolean) {
    let query = this.db
      .selectFrom('usage_logs')
      .select('completed_at')
      .where('user_id', '=', userId);
    query = late
      ? query.where('late_position', '>', 0)
      : query
          .where('late_position', '=', 0)
          .orderBy('billing_period', direction)
          .orderBy('late_position', direction);
    const row = await query.orderBy('completed_at', direction).limit(1).executeTakeFirst();
    return row?.completed_at;
  }
}

function inOrder(kind: IdKind, after: string, count: number): RawBuilder<unknown> {
  const { table, column, isUnique } = IDS[kind];
  const id = sql.ref(column);
  const select = isUnique ? sql`select` : sql`select distinct`;
  return sql`${select} ${id} as id from ${sql.table(table)} where ${id} > ${after} order by ${id} limit ${count}`;
}

/** Returns the LIKE pattern for texts that contain `part`. */
function pattern(part: string): string {
  return `%${part.toLowerCase().replace(/[!%_]/g, '!$&')}%`;
}
