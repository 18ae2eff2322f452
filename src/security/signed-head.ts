/** The first events of the ledger whose root was signed: how many, and their Merkle root in lower-case hex. */
export interface SignedHead {
  readonly size: number;
  readonly root: string;
}

/**
 * The longest history that the ledger's keys ever signed. It is kept with the keys, apart from the signed roots
 * themselves: whoever deletes `checkpoints/` does not make the keys forget what they vouched for.
 */
export interface SignedHeads {
  /** `undefined` before the first signature. */
  signedHead(): Promise<SignedHead | undefined>;
  /**
   * Durably replaces `before` by `next`.
   * @returns false if it is not `before` any more: another process signed in between.
   */
  moveSignedHead(before: SignedHead | undefined, next: SignedHead): Promise<boolean>;
}

/** Ties what is kept to one ledger. */
export interface KeptOwner {
  /**
   * Claims the place for a ledger, the first time; afterwards checks that it is still this ledger's.
   * @returns the id of the ledger that it belongs to.
   */
  claim(ledgerId: string): Promise<string>;
}

/** Keys and signed roots of one ledger were found where another one looks for its own. */
export class ForeignKeysError extends Error {
  constructor(place: string, found: string, wanted: string) {
    super(
      `${place} holds the keys and signed roots of the ledger ${found}, not of ${wanted}, which the event store holds. ` +
        'Each ledger needs a place of its own: another DATA_DIR, or with PostgreSQL another database in READ_MODEL_URL. ' +
        'If the old ledger is gone for good, move its keys and checkpoints away and keep them.',
    );
    this.name = 'ForeignKeysError';
  }
}
