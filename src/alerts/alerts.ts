import type { KeptTables, Statement } from '../kept/kept-tables';
import type { Alert } from './alert';

/** How many alerts there can be. */
export const MOST_ALERTS = 1_000;

const COLUMNS =
  'id, name, metric, threshold, share_of_limit, user_id, currency, from_period, created_at';

/** Stores alerts. When one is reached, that is stored as a happening (`webhooks/happenings.ts`). */
export class Alerts {
  constructor(private readonly tables: KeptTables) {}

  /** Returns all alerts, oldest first. */
  list(): Promise<Alert[]> {
    return this.tables.all(`SELECT ${COLUMNS} FROM alerts ORDER BY created_at, id`);
  }

  /**
   * @param also statements for the same transaction.
   * @returns false if there are already as many as there can be.
   */
  async add(alert: Alert, also: readonly Statement[] = []): Promise<boolean> {
    const [added] = await this.tables.batch([
      {
        sql: `INSERT INTO alerts (${COLUMNS})
          SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT)
          WHERE (SELECT count(*) FROM alerts) < ${MOST_ALERTS}`,
        values: [
          alert.id,
          alert.name,
          alert.metric,
          alert.threshold,
          alert.share_of_limit,
          alert.user_id,
          alert.currency,
          alert.from_period,
          alert.created_at,
        ],
      },
      ...also,
    ]);
    return added === 1;
  }

  async remove(id: string): Promise<boolean> {
    const [removed] = await this.tables.batch([
      { sql: 'DELETE FROM alerts WHERE id = ?', values: [id] },
    ]);
    return removed === 1;
  }
}
