import type { PersonalKey } from '../domain/events/sealing';

/** A user's erasure, as the ledger records it. */
export interface Erasure {
  /** The id of the `user.erased` event. It does not change when the ledger moves to another store. */
  readonly eventId: string;
  readonly userId: string;
  /** The event's position. */
  readonly position: number;
  /** Milliseconds since 1970. */
  readonly erasedAt: number;
  /** The ids of the keys that it destroyed. */
  readonly keys: readonly string[];
}

/** Looks up the keys that open personal values. */
export interface PersonalSecrets {
  /** Returns the existing keys by id, 32 bytes each. The keys of erased users are gone. */
  secrets(ids: Iterable<string>): Promise<ReadonlyMap<string, Buffer>>;
}

/** The erasures of some users, as of now. */
export interface Erased {
  /** Returns the position of each user's last erasure. Users who were not erased are left out. */
  erasedAt(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** Supplies the keys that seal facts. */
export interface SealingKeys extends PersonalSecrets {
  /**
   * Returns a key for each user, and makes those that do not exist. All are durable when this resolves, so that no fact
   * is appended under a key that may be lost. Instances that share the keys agree on one per user.
   * @throws StoreError `unavailable` if they can't be stored.
   */
  sealing(userIds: ReadonlySet<string>): Promise<ReadonlyMap<string, PersonalKey>>;
  /** Forgets cached keys, because others may have destroyed them. */
  forget(): void;
}
