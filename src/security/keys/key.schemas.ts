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
import { ROLES } from '../roles';
import type { ShownKey } from './key-administration';
import type { KeyView } from './new-key';

const role: Schema = { type: 'string', enum: [...ROLES] };
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
} satisfies Readonly<Record<keyof KeyView, Schema>>;

export const KEY = component('Key', object(key));

export const NEW_KEY = component(
  'NewKey',
  object<ShownKey & { readonly position: string }>({
    ...key,
    key: { type: 'string', pattern: '^mb_[a-z]+_[0-9A-Za-z]{49}$' },
    position,
  }),
);
