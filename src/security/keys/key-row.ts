import { isRole } from '../roles';
import type { ApiKey, HashedKey } from './api-keys';

/** A row of `api_keys`, the same in a file and in PostgreSQL. */
export interface KeyRow {
  readonly id: string;
  readonly hash: Buffer;
  readonly role: string;
  readonly name: string;
  readonly source: string | null;
  readonly user_id: string | null;
  readonly expires_at: number | null;
  readonly created_at: number;
  readonly last_used_on: string | null;
  readonly revoked_at: number | null;
}

export const KEY_COLUMNS =
  'id, hash, role, name, source, user_id, expires_at, created_at, last_used_on, revoked_at';

/** Returns the values of a row, in the order of {@link KEY_COLUMNS}. */
export function valuesOf({ key, hash }: HashedKey): (string | number | null | Buffer)[] {
  const { id, role, name, source, userId, expiresAt, createdAt, lastUsedOn, revokedAt } = key;
  return [id, hash, role, name, source, userId, expiresAt, createdAt, lastUsedOn, revokedAt];
}

/** @throws Error if a newer program made a key with a role that is unknown here. */
export function readKeyRow(row: KeyRow): HashedKey {
  const { id, role, name, source } = row;
  if (!isRole(role))
    throw new Error(`The API key ${id} has a role of a newer Minutebook: ${role}.`);
  const key: ApiKey = {
    id,
    role,
    name,
    source,
    userId: row.user_id,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    lastUsedOn: row.last_used_on,
    revokedAt: row.revoked_at,
  };
  return { key, hash: row.hash };
}
