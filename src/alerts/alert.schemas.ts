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
import { id } from '../http/fields/rules';
import { METRICS, type AlertView } from './alert';

const metric: Schema = {
  type: 'string',
  enum: [...METRICS],
};
const alert = {
  id: text,
  name,
  metric,
  threshold: nullable(decimal),
  share_of_limit: nullable(decimal),
  user_id: nullable(id.schema),
  currency: nullable(currency),
  created_at: instant,
} satisfies Readonly<Record<keyof AlertView, Schema>>;

export const ALERT = component('Alert', object(alert));

export const NEW_ALERT = component('NewAlert', object({ ...alert, position }));
