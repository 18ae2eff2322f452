import type { Role } from '../roles';

/** An API key as it is stored: everything but the key itself. Times are milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  readonly role: Role;
  /** The name of the key's holder, for people. It is recorded as the author of what the key writes. */
  readonly name: string;
  /** For a producer: the prefix of its events' sources; `null` = any. */
  readonly source: string | null;
  /** For a reader: the only user it sees; `null` = all. */
  readonly userId: string | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  /** The last day on which it was used, in UTC: `YYYY-MM-DD`. */
  readonly lastUsedOn: string | null;
  readonly revokedAt: number | null;
}

/** A key with the hash that it is recognised by. */
export interface HashedKey {
  readonly key: ApiKey;
  readonly hash: Buffer;
}

/** The result of a revocation. */
export type Revocation = 'revoked' | 'unknown' | 'last_admin';

/** Stores API keys. Keys are never removed; a revoked key keeps the time of its revocation. */
export interface ApiKeys {
  /** Returns the secret that keys are hashed with; made on the first call, and never changed. */
  pepper(): Promise<Buffer>;
  /** Returns all keys, oldest first. */
  list(): Promise<readonly ApiKey[]>;
  /** Returns all keys with their hashes, to copy them elsewhere. */
  all(): Promise<readonly HashedKey[]>;
  /**
   * Takes over the keys of another store, with the secret that they are hashed with.
   * @returns `false` if keys were used here before: then nothing changes.
   */
  adopt(pepper: Buffer, keys: readonly HashedKey[]): Promise<boolean>;
  find(hash: Buffer): Promise<HashedKey | undefined>;
  add(key: HashedKey): Promise<void>;
  /**
   * Stores the very first keys. Nobody else can add one at the same time.
   * @param make called only if there is no key, revoked or not. If it throws, no key is stored.
   * @returns whether there was no key.
   */
  begin(make: (pepper: Buffer) => readonly HashedKey[]): Promise<boolean>;
  /**
   * Revokes a key. A key that is already revoked stays so.
   * @returns `last_admin` if this is the only admin key that is usable at this time: then nothing changes.
   */
  revoke(id: string, now: number): Promise<Revocation>;
  /** Returns how many keys have been revoked so far. A cache of keys is cleared when this number grows. */
  revocations(): Promise<number>;
  /** Records the day on which each key was last used, by id. */
  used(days: ReadonlyMap<string, string>): Promise<void>;
}

/** Whether a key is usable at the given time. */
export function isUsable({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** Whether revoking a key would leave no usable admin key. */
export function isLastAdmin(keys: readonly ApiKey[], id: string, now: number): boolean {
  const admins = keys.filter((key) => key.role === 'admin' && isUsable(key, now));
  return admins.length === 1 && admins[0]!.id === id;
}
