/** The newest signed head: how many events it covers, and their Merkle root in lower-case hex. */
export interface SignedHead {
  readonly size: number;
  readonly root: string;
}

/**
 * The longest history that the ledger's keys ever signed. It is kept with the keys, apart from the signed roots
 * themselves: deleting `checkpoints/` does not make the keys forget what they signed.
 */
export interface SignedHeads {
  /** `undefined` before the first signature. */
  signedHead(): Promise<SignedHead | undefined>;
  /**
   * Durably replaces `before` with `next`.
   * @returns false if the head is no longer `before`, because another process has signed since.
   */
  moveSignedHead(before: SignedHead | undefined, next: SignedHead): Promise<boolean>;
}

/** Ties the store to one ledger. */
export interface KeptOwner {
  /**
   * Claims the store for a ledger, unless a ledger has claimed it already.
   * @returns the id of the ledger that the store belongs to.
   */
  claim(ledgerId: string): Promise<string>;
}

/** The store holds the keys and signed roots of a ledger other than the one that opens it. */
export class ForeignKeysError extends Error {
  constructor(place: string, found: string, wanted: string) {
    super(
      `${place} holds the keys and signed roots of the ledger ${found}, but the event store holds the ledger ${wanted}. ` +
        'Each ledger needs a place of its own: another DATA_DIR, or with PostgreSQL another database in READ_MODEL_URL. ' +
        'If the old ledger is gone for good, move its keys and checkpoints away and keep them.',
    );
    this.name = 'ForeignKeysError';
  }
}
