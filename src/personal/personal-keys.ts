import type { PersonalKey } from '../domain/events/sealing';

/** A user's erasure, as the ledger has it. */
export interface Erasure {
  /** The id of the `user.erased` event: it stays the same when the ledger is moved to another store. */
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
  /** The keys that there are, by id, 32 bytes each: who was erased has none. */
  secrets(ids: Iterable<string>): Promise<ReadonlyMap<string, Buffer>>;
}

/** The erasures of some users, as of now. */
export interface Erased {
  /** The position of each one's last erasure; of those who were erased. */
  erasedAt(userIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
}

/** What sealing facts needs. */
export interface SealingKeys extends PersonalSecrets {
  /**
   * A key for each user to seal under; it is made if there is none. All are durable when this resolves, so that no fact
   * is appended under a key that may be lost. Instances that share the keys agree on one.
   * @throws StoreError `unavailable` if they can't be kept.
   */
  sealing(userIds: ReadonlySet<string>): Promise<ReadonlyMap<string, PersonalKey>>;
  /** Others may have destroyed keys: what is remembered is looked up again. */
  forget(): void;
}
