import { component } from '../../http/openapi/components';
import {
  instant,
  name,
  nullable,
  object,
  position,
  text,
  type Schema,
} from '../../http/openapi/schema';

const role: Schema = { type: 'string', enum: ['producer', 'reader', 'finance', 'admin'] };
const key = {
  id: text,
  role,
  name,
  source: nullable(text),
  user_id: nullable(text),
  expires_at: nullable(instant),
  created_at: instant,
  last_used_on: nullable({ type: 'string', format: 'date' }),
  revoked_at: nullable(instant),
} satisfies Record<string, Schema>;

export const KEY = component('Key', object(key));

export const NEW_KEY = component(
  'NewKey',
  object({
    ...key,
    key: { type: 'string', pattern: '^mb_[a-z]+_[0-9A-Za-z]{49}$' },
    position,
  }),
);
