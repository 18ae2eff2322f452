import type { KeptTables, Statement } from '../kept/kept-tables';
import { KEPT_FOREVER } from './happenings';

export const DELIVERY_STATUS = ['waiting', 'delivered', 'failed'] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUS)[number];

/** A happening to be sent to one webhook. Times are milliseconds since 1970. */
export interface Delivery {
  readonly id: string;
  readonly webhook_id: string;
  readonly happening_id: string;
  readonly type: string;
  readonly status: DeliveryStatus;
  readonly tries: number;
  /** How many tries have ended since the delivery was queued, or queued again by hand. */
  readonly step: number;
  readonly last_status: number | null;
  readonly last_error: string | null;
  readonly next_try_at: number | null;
  readonly created_at: number;
}

/** A delivery to send now. */
export interface DueDelivery extends Delivery {
  /** The CloudEvent. */
  readonly body: string;
}

/** The result of a try. */
export interface Tried {
  readonly id: string;
  /**
   * When the delivery was due. If that has changed, the delivery was queued again meanwhile, and this result does not
   * change its status.
   */
  readonly wasDueAt: number;
  /** How many tries of the delivery had ended before. If that has changed, this result is recorded already. */
  readonly triesBefore: number;
  readonly status: DeliveryStatus;
  readonly lastStatus: number | null;
  readonly lastError: string | null;
  readonly nextTryAt: number | null;
}

const COLUMNS =
  'd.id, d.webhook_id, d.happening_id, h.type, d.status, d.tries, d.step, d.last_status, d.last_error, d.next_try_at, d.created_at';
const FROM = 'FROM deliveries d JOIN happenings h ON h.id = d.happening_id';

/** Where a page of deliveries continues. */
export interface AfterDelivery {
  readonly createdAt: number;
  readonly id: string;
}

/** The outbox: what is to be sent, and the result of each delivery. */
export class Deliveries {
  constructor(private readonly tables: KeptTables) {}

  /** Returns a webhook's due deliveries, the longest overdue first. */
  due(webhookId: string, now: number, limit: number): Promise<DueDelivery[]> {
    return this.tables.all(
      `SELECT ${COLUMNS}, h.body ${FROM}
       WHERE d.webhook_id = ? AND d.status = 'waiting' AND d.next_try_at <= ?
       ORDER BY d.next_try_at, d.id LIMIT ${limit}`,
      [webhookId, now],
    );
  }

  /**
   * Brings forward deliveries that wait longer than they may: they were scheduled while the clock was ahead.
   * @param longestMs the longest pause by step, for each step.
   */
  async bringForward(now: number, longestMs: readonly number[]): Promise<void> {
    const longest = `(CAST(? AS BIGINT) + CASE step ${longestMs
      .map((ms, step) => `WHEN ${step} THEN ${ms}`)
      .join(' ')} END)`;
    await this.tables.batch([
      {
        sql: `UPDATE deliveries SET next_try_at = ${longest} WHERE status = 'waiting' AND next_try_at > ${longest}`,
        values: [now, now],
      },
    ]);
  }

  /**
   * Records the results of tries. If a delivery was sent again by hand meanwhile, its status and schedule stay as they
   * are. The same results again change nothing: a server may have recorded them, though its answer was lost.
   */
  async note(all: readonly Tried[]): Promise<void> {
    await this.tables.batch(all.flatMap(noteOf));
  }

  /** Counts a webhook's waiting deliveries, up to `most`. */
  async countWaiting(webhookId: string, most: number): Promise<number> {
    const [row] = await this.tables.all<{ count: number }>(
      `SELECT count(*) AS count FROM (SELECT 1 AS one FROM deliveries
         WHERE webhook_id = ? AND status = 'waiting' LIMIT ${most}) AS counted`,
      [webhookId],
    );
    return row!.count;
  }

  /** Returns deliveries, newest first. */
  list(
    webhookId: string,
    status: DeliveryStatus | undefined,
    after: AfterDelivery | undefined,
    limit: number,
  ): Promise<Delivery[]> {
    const last = after ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
    return this.tables.all(
      `SELECT ${COLUMNS} ${FROM}
       WHERE d.webhook_id = ? AND (d.created_at, d.id) < (CAST(? AS BIGINT), CAST(? AS TEXT))
         ${status === undefined ? '' : 'AND d.status = ?'}
       ORDER BY d.created_at DESC, d.id DESC LIMIT ${limit}`,
      [webhookId, last.createdAt, last.id, ...(status === undefined ? [] : [status])],
    );
  }

  async find(webhookId: string, id: string): Promise<Delivery | undefined> {
    const sql = `SELECT ${COLUMNS} ${FROM} WHERE d.webhook_id = ? AND d.id = ?`;
    const [row] = await this.tables.all<Delivery>(sql, [webhookId, id]);
    return row;
  }

  /** Queues a delivery again now, as if it were new. Returns whether it exists. */
  async again(webhookId: string, id: string, now: number): Promise<boolean> {
    const [changed] = await this.tables.batch([
      {
        sql: `UPDATE deliveries SET status = 'waiting', step = 0, next_try_at = ? WHERE webhook_id = ? AND id = ?`,
        values: [now, webhookId, id],
      },
    ]);
    return changed === 1;
  }

  /**
   * Removes ended deliveries that were made before a time, and happenings from before that time that have no delivery
   * left. Never removes a happening that is kept forever: it would be found and sent again.
   */
  async sweep(before: number): Promise<void> {
    await this.tables.batch([
      {
        sql: `DELETE FROM deliveries WHERE status <> 'waiting' AND created_at < ?`,
        values: [before],
      },
      {
        sql: `DELETE FROM happenings WHERE created_at < ? AND type NOT IN (${KEPT_FOREVER.map(() => '?').join(', ')})
          AND NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.happening_id = happenings.id)`,
        values: [before, ...KEPT_FOREVER],
      },
    ]);
  }
}

function noteOf(tried: Tried): Statement[] {
  const { id, wasDueAt, triesBefore, status, lastStatus, lastError, nextTryAt } = tried;
  return [
    {
      sql: `UPDATE deliveries SET tries = tries + 1, last_status = ?, last_error = ?
        WHERE id = ? AND tries = ?`,
      values: [lastStatus, lastError, id, triesBefore],
    },
    {
      sql: `UPDATE deliveries SET status = ?, step = step + 1, next_try_at = ?
        WHERE id = ? AND status = 'waiting' AND next_try_at = ?`,
      values: [status, nextTryAt, id, wasDueAt],
    },
  ];
}
