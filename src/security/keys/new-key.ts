import type { Json } from '../../domain/events/facts';
import { parseInstant, printInstant } from '../../domain/time';
import { readBody } from '../../http/json-body';
import { Problem } from '../../http/problem';
import type { Role } from '../roles';
import type { ApiKey, HashedKey } from './api-keys';
import { KeyBody } from './key-body.dto';
import { hashKey, makeKeyId, makeKeyText } from './key-text';

/** The properties of a key to make. */
export type KeyOrder = Pick<ApiKey, 'role' | 'name' | 'source' | 'userId' | 'expiresAt'>;

/** A new key: what is stored of it, and the key itself, which is shown once. */
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

/**
 * Reads the body of a request for a key.
 * @throws Problem with a pointer to the field at fault.
 */
export function readKeyOrder(body: Json, now: number): KeyOrder {
  const { role, name, ...more } = readBody(body, KeyBody);
  const [source, userId] = [more.source ?? null, more.user_id ?? null];
  if (source !== null && role !== 'producer') {
    refuse('source', `source binds a producer to its sources: leave it out of a ${role} key.`);
  }
  if (userId !== null && role !== 'reader') {
    refuse('user_id', `user_id binds a reader to one user: leave it out of a ${role} key.`);
  }
  const expiresAt = more.expires_at == null ? null : parseInstant(more.expires_at)!;
  if (expiresAt !== null && expiresAt <= now) {
    refuse('expires_at', `expires_at must be in the future: it is ${printInstant(now)} now.`);
  }
  return { role, name, source, userId, expiresAt };
}

function refuse(field: string, detail: string): never {
  throw new Problem('invalid_field', detail, { pointer: `/${field}` });
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
