import { printInstant } from '../../domain/time';
import type { Role } from '../roles';
import type { ApiKey, HashedKey } from './api-keys';
import { hashKey, makeKeyId, makeKeyText } from './key-text';

/** The properties of a key to make. */
export type KeyOrder = Pick<ApiKey, 'role' | 'name' | 'source' | 'userId' | 'expiresAt'>;

/** A new key: its stored form, and the key itself, which is shown once. */
export interface NewKey {
  readonly hashed: HashedKey;
  readonly text: string;
}

/** A key as people see it: never the key itself. */
export interface KeyView {
  readonly id: string;
  readonly role: Role;
  readonly name: string;
  readonly source: string | null;
  readonly user_id: string | null;
  readonly expires_at: string | null;
  readonly created_at: string;
  readonly last_used_on: string | null;
  readonly revoked_at: string | null;
}

/** Makes a key. It opens nothing until it is stored. */
export function makeKey(order: KeyOrder, pepper: Buffer, now: number): NewKey {
  const text = makeKeyText(order.role);
  const key = { ...order, id: makeKeyId(), createdAt: now, lastUsedOn: null, revokedAt: null };
  return { hashed: { key, hash: hashKey(pepper, text) }, text };
}

export function keyView(key: ApiKey): KeyView {
  const instant = (at: number | null) => (at === null ? null : printInstant(at));
  return {
    id: key.id,
    role: key.role,
    name: key.name,
    source: key.source,
    user_id: key.userId,
    expires_at: instant(key.expiresAt),
    created_at: printInstant(key.createdAt),
    last_used_on: key.lastUsedOn,
    revoked_at: instant(key.revokedAt),
  };
}
