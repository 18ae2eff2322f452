import { component } from '../http/openapi/components';
import {
  count,
  currency,
  instant,
  nullable,
  object,
  period,
  position,
  text,
  whole,
  type Schema,
  type ViewOf,
} from '../http/openapi/schema';
import type { AdjustmentView } from '../read-model/views';
import { PERIOD_TOTALS } from '../usage/usage.schemas';

const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const close = {
  period,
  from: instant,
  to: instant,
  size: count,
  root: hash,
  totals: PERIOD_TOTALS,
  closed_at: instant,
} satisfies Readonly<Record<string, Schema>>;
export type CloseView = ViewOf<typeof close>;

export const ADJUSTMENT = component(
  'Adjustment',
  object<Omit<AdjustmentView, 'billing_period'>>({
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
  object<CloseView & { readonly state: string }>({
    period,
    from: instant,
    to: instant,
    size: nullable(count),
    root: nullable(hash),
    totals: nullable(PERIOD_TOTALS),
    closed_at: nullable(instant),
    state: { type: 'string', enum: ['open', 'closed'] },
  }),
);
