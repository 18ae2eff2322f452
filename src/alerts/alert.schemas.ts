import { component } from '../http/openapi/components';
import {
  currency,
  decimal,
  instant,
  name,
  nullable,
  object,
  position,
  text,
  type Schema,
} from '../http/openapi/schema';

const userId: Schema = { type: 'string', pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$' };
const metric: Schema = {
  type: 'string',
  enum: ['billable_minutes', 'cost_cents', 'sessions', 'ledger_cost_cents'],
};
const alert = {
  id: text,
  name,
  metric,
  threshold: nullable(decimal),
  share_of_limit: nullable(decimal),
  user_id: nullable(userId),
  currency: nullable(currency),
  created_at: instant,
} satisfies Record<string, Schema>;

export const ALERT = component('Alert', object(alert));

export const NEW_ALERT = component('NewAlert', object({ ...alert, position }));
