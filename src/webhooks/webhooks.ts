import type { KeptTables, Statement } from '../kept/kept-tables';
import {
  oldSecretsText,
  readWebhook,
  typesText,
  webhookValues,
  type OffBecause,
  type Webhook,
  type WebhookRow,
} from './webhook';

/** How many webhooks there can be. */
export const MOST_WEBHOOKS = 100;

const COLUMNS =
  'id, url, name, types, enabled, secret, old_secret, old_secret_until, created_at, off_because, off_at';

/** The fields of a webhook that people change. */
type WebhookChanges = Partial<Pick<Webhook, 'url' | 'name' | 'types' | 'enabled'>>;

/** Stores webhooks. */
export class Webhooks {
  constructor(private readonly tables: KeptTables) {}

  /** Returns all webhooks, oldest first. */
  async list(): Promise<Webhook[]> {
    const sql = `SELECT ${COLUMNS} FROM webhooks ORDER BY created_at, id`;
    return (await this.tables.all<WebhookRow>(sql)).map(readWebhook);
  }

  async find(id: string): Promise<Webhook | undefined> {
    const sql = `SELECT ${COLUMNS} FROM webhooks WHERE id = ?`;
    const [row] = await this.tables.all<WebhookRow>(sql, [id]);
    return row && readWebhook(row);
  }

  /**
   * @param also statements for the same transaction.
   * @returns false if there are already as many as there can be.
   */
  async add(webhook: Webhook, also: readonly Statement[] = []): Promise<boolean> {
    const [added] = await this.tables.batch([
      {
        sql: `INSERT INTO webhooks (${COLUMNS})
          SELECT CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS INTEGER), CAST(? AS TEXT), CAST(? AS TEXT), CAST(? AS BIGINT), CAST(? AS BIGINT), CAST(? AS TEXT), CAST(? AS BIGINT)
          WHERE (SELECT count(*) FROM webhooks) < ${MOST_WEBHOOKS}`,
        values: webhookValues(webhook),
      },
      ...also,
    ]);
    return added === 1;
  }

  /**
   * Changes the given fields only: a webhook that is turned off meanwhile stays off. Turning a webhook on or off by
   * hand clears the reason that the service gave.
   * @returns false if there is no webhook with this id any more.
   */
  async update(id: string, { url, name, types, enabled }: WebhookChanges): Promise<boolean> {
    const on = enabled === undefined ? null : Number(enabled);
    const [changed] = await this.tables.batch([
      {
        sql: `UPDATE webhooks SET url = COALESCE(?, url), name = COALESCE(?, name), types = COALESCE(?, types),
            enabled = COALESCE(?, enabled),
            off_because = CASE WHEN CAST(? AS INTEGER) IS NULL THEN off_because END,
            off_at = CASE WHEN CAST(? AS INTEGER) IS NULL THEN off_at END
          WHERE id = ?`,
        values: [url ?? null, name ?? null, types ? typesText(types) : null, on, on, on, id],
      },
    ]);
    return changed === 1;
  }

  /**
   * Sets a new secret. The current one also signs until a certain time, and so do earlier ones that sign now: the
   * answer to an earlier call may have been lost.
   * @param now milliseconds since 1970, like `oldUntil`.
   */
  async rotate(id: string, secret: string, now: number, oldUntil: number): Promise<boolean> {
    for (;;) {
      const webhook = await this.find(id);
      if (webhook === undefined) return false;
      const [changed] = await this.tables.batch([
        {
          sql: 'UPDATE webhooks SET old_secret = ?, old_secret_until = ?, secret = ? WHERE id = ? AND secret = ?',
          values: [oldSecretsText(webhook, now), oldUntil, secret, id, webhook.secret],
        },
      ]);
      // Otherwise somebody else has set a new secret meanwhile, or removed the webhook.
      if (changed === 1) return true;
    }
  }

  /** Turns a webhook off and stores the reason. @returns false if it was off or does not exist. */
  async turnOff(id: string, because: OffBecause, at: number): Promise<boolean> {
    const [changed] = await this.tables.batch([
      {
        sql: 'UPDATE webhooks SET enabled = 0, off_because = ?, off_at = ? WHERE id = ? AND enabled = 1',
        values: [because, at, id],
      },
    ]);
    return changed === 1;
  }

  /** Removes a webhook, and everything that was to be sent to it. */
  async remove(id: string): Promise<boolean> {
    const [removed] = await this.tables.batch([
      { sql: 'DELETE FROM webhooks WHERE id = ?', values: [id] },
      { sql: 'DELETE FROM deliveries WHERE webhook_id = ?', values: [id] },
    ]);
    return removed === 1;
  }
}
