import { createHash } from 'node:crypto';

import { printInstant } from '../domain/time';
import type { Statement } from '../kept/kept-tables';

/**
 * The types of happenings that webhooks can receive. `forever`: such a happening is found again and again, so it is
 * kept forever; once swept away, it would be sent again.
 */
const KEPT = {
  'minutebook.alert.reached': 'forever',
  'minutebook.billing_period.closed': 'a while',
  'minutebook.adjustment.recorded': 'a while',
  'minutebook.attempt.unrated': 'forever',
  'minutebook.attempt.waiting': 'forever',
  'minutebook.verification.failed': 'forever',
  'minutebook.user.erased': 'a while',
} as const satisfies Record<string, 'forever' | 'a while'>;

export type HappeningType = keyof typeof KEPT;
export const HAPPENING_TYPES = Object.keys(KEPT) as readonly HappeningType[];
/** The types whose happenings are kept forever. */
export const KEPT_FOREVER = HAPPENING_TYPES.filter((type) => KEPT[type] === 'forever');

/** Something that webhooks report once. */
export interface Happening {
  /**
   * Identifies the happening among all happenings of its type, forever. The same key again means the same happening.
   */
  readonly key: string;
  readonly type: HappeningType | 'minutebook.test';
  /** When it happened, in milliseconds since 1970. */
  readonly at: number;
  readonly data: object;
}

/** Returns the id by which receivers know a happening. Standard Webhooks allows no full stop in it. */
export function happeningId({ type, key }: Pick<Happening, 'type' | 'key'>): string {
  const hash = createHash('sha256').update(`${type}\0${key}`).digest('base64url');
  return `msg_${hash.slice(0, 32)}`;
}

/** Returns the CloudEvent to send, in structured mode. */
export function cloudEvent(ledgerId: string, happening: Happening): string {
  return JSON.stringify({
    specversion: '1.0',
    id: happeningId(happening),
    source: `minutebook/${ledgerId}`,
    type: happening.type,
    time: printInstant(happening.at),
    datacontenttype: 'application/json',
    data: happening.data,
  });
}

/**
 * Returns the statements that keep a happening, and a delivery for each webhook that wants it. They change nothing if
 * the happening is already kept.
 * @param now milliseconds since 1970.
 */
export function keepHappening(ledgerId: string, happening: Happening, now: number): Statement[] {
  const id = happeningId(happening);
  return [
    {
      sql: 'INSERT INTO happenings (id, type, body, created_at, fanned_out) VALUES (?, ?, ?, ?, 0) ON CONFLICT DO NOTHING',
      values: [id, happening.type, cloudEvent(ledgerId, happening), now],
    },
    {
      sql: `INSERT INTO deliveries (id, webhook_id, happening_id, status, tries, step, next_try_at, created_at)
        SELECT 'dlv_' || substr(w.id, 4) || substr(h.id, 5), w.id, h.id, 'waiting', 0, 0, CAST(? AS BIGINT), CAST(? AS BIGINT)
        FROM happenings h CROSS JOIN webhooks w
        WHERE h.id = ? AND h.fanned_out = 0 AND w.enabled = 1 AND w.types LIKE '% ' || h.type || ' %'
        ON CONFLICT DO NOTHING`,
      values: [now, now, id],
    },
    { sql: 'UPDATE happenings SET fanned_out = 1 WHERE id = ?', values: [id] },
  ];
}
