import { count, instant, name, nullable, object, position, text, type Schema } from './schema';

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

/** API keys. */
export const KEY_SCHEMAS: Readonly<Record<string, Schema>> = {
  Caller: object({
    role: { ...role, enum: ['reader', 'finance', 'admin'] },
    name: {
      ...text,
      description: "The key's name, or the token's user: the author of what finance writes.",
    },
    user_id: {
      ...nullable(text),
      description: 'The one user whom a reader sees; null if it sees all.',
    },
  }),
  Erasure: object({
    user_id: text,
    erased_at: instant,
    position,
    unsealed_events: {
      ...count,
      description:
        "Events of the user that were stored before personal values were sealed: they stay readable in the ledger's own text.",
    },
  }),
  Key: object(key),
  NewKey: object({
    ...key,
    key: { type: 'string', pattern: '^mb_[a-z]+_[0-9A-Za-z]{49}$' },
    position,
  }),
};
