import type { Role } from '../roles';

/** An API key as it is kept: all but the key itself. Times are milliseconds since 1970. */
export interface ApiKey {
  readonly id: string;
  readonly role: Role;
  /** Who holds it, for people; what they write names it as its author. */
  readonly name: string;
  /** For a producer: the prefix of its events' sources; `null` = any. */
  readonly source: string | null;
  /** For a reader: the only user it sees; `null` = all. */
  readonly userId: string | null;
  readonly expiresAt: number | null;
  readonly createdAt: number;
  /** A day in UTC, `YYYY-MM-DD`. */
  readonly lastUsedOn: string | null;
  readonly revokedAt: number | null;
}

/** A key with what it is recognised by. */
export interface HashedKey {
  readonly key: ApiKey;
  readonly hash: Buffer;
}

/** What became of a revocation. */
export type Revocation = 'revoked' | 'unknown' | 'last_admin';

/** Where API keys lie. They are never removed: a revoked one says when. */
export interface ApiKeys {
  /** The secret under which keys are hashed; made when it is first asked for, and never changed. */
  pepper(): Promise<Buffer>;
  /** All, oldest first. */
  list(): Promise<readonly ApiKey[]>;
  /** All with their hashes, to take them elsewhere. */
  all(): Promise<readonly HashedKey[]>;
  /**
   * Begins with keys that another place had, and the secret that they are hashed under.
   * @returns `false` if keys were used here before: then nothing changes.
   */
  adopt(pepper: Buffer, keys: readonly HashedKey[]): Promise<boolean>;
  find(hash: Buffer): Promise<HashedKey | undefined>;
  add(key: HashedKey): Promise<void>;
  /**
   * Keeps the first keys of all. Nobody else adds one while they are made.
   * @param make is called only if there is no key, revoked or not; what it throws leaves none.
   * @returns whether there was none.
   */
  begin(make: (pepper: Buffer) => readonly HashedKey[]): Promise<boolean>;
  /**
   * Ends a key's life. One that is revoked already stays so.
   * @returns `last_admin` if no other admin key could be used at this time: then nothing changes.
   */
  revoke(id: string, now: number): Promise<Revocation>;
  /** How many keys were revoked so far. Whoever caches keys clears the cache when this number grows. */
  revocations(): Promise<number>;
  /** Notes on which days keys were used last, by id. */
  used(days: ReadonlyMap<string, string>): Promise<void>;
}

/** Whether a key opens anything at a time. */
export function isUsable({ revokedAt, expiresAt }: ApiKey, now: number): boolean {
  return revokedAt === null && (expiresAt === null || expiresAt > now);
}

/** Whether revoking a key leaves no admin key that could be used. */
export function isLastAdmin(keys: readonly ApiKey[], id: string, now: number): boolean {
  const admins = keys.filter((key) => key.role === 'admin' && isUsable(key, now));
  return admins.length === 1 && admins[0]!.id === id;
}
