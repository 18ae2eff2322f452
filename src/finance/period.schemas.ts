import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  period,
  position,
  text,
  whole,
  type Schema,
} from '../http/openapi/schema';

const totals = {
  currency,
  users: count,
  transcriptions: count,
  billed_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  usage_cost_cents: whole,
  adjustments_cents: whole,
  cost_cents: whole,
} satisfies Record<string, Schema>;
const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const close = {
  period,
  from: instant,
  to: instant,
  size: count,
  root: hash,
  totals: list(object(totals)),
  closed_at: instant,
} satisfies Record<string, Schema>;

export const ADJUSTMENT = component(
  'Adjustment',
  object({
    id: text,
    user_id: text,
    period,
    amount_cents: whole,
    currency,
    reason: text,
    author: text,
    reference: nullable(text),
    voids: nullable(text),
    recorded_at: instant,
    position,
  }),
);

export const CLOSE = component('Close', object({ ...close, position }));

export const BILLING_PERIOD = component(
  'BillingPeriod',
  object({
    period,
    from: instant,
    to: instant,
    size: nullable(count),
    root: nullable(hash),
    totals: nullable(list(object(totals))),
    closed_at: nullable(instant),
    state: { type: 'string', enum: ['open', 'closed'] },
  }),
);
