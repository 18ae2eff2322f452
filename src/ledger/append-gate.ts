/**
 * The agreement between instances that record on one ledger: one of them may decide on all that was recorded, and
 * record its decision, while no other records.
 */
export interface AppendGate {
  /**
   * Call this before appending events; append them before {@link leave}. Waits while another instance runs {@link
   * exclusively}. Returns the time after which the events must be stamped.
   * @throws StoreError `unavailable` if the wait takes too long: nothing may be appended.
   */
  enter(): Promise<number>;
  leave(): void;
  /**
   * Runs work while no other instance appends anything.
   * @throws StoreError `unavailable` if the others can't be made to wait: another try may help.
   */
  exclusively<T>(work: (alone: Alone) => Promise<T>): Promise<T>;
}

/** What an instance knows and can do while no other instance appends. */
export interface Alone {
  /** The time after which events must be stamped. */
  readonly stampAfter: number;
  /** @throws StoreError `unavailable` if it turns out that others may append again. */
  check(): void;
  /** Makes every instance stamp all events that it records from now on with a later time than this. */
  settle(time: number): Promise<void>;
}

/** The gate of an instance that appends alone. */
export const OPEN_GATE: AppendGate = {
  enter: () => Promise.resolve(0),
  leave: () => undefined,
  exclusively: (work) =>
    work({ stampAfter: 0, check: () => undefined, settle: () => Promise.resolve() }),
};
