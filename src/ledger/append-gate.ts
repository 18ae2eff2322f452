/**
 * What instances that record on one ledger agree on: that one of them may take a decision on all that was recorded, and
 * write it down, while none of the others records.
 */
export interface AppendGate {
  /**
   * To be called before events are appended; they are appended before {@link leave}. Waits while another instance is
   * alone. Answers the time after which the events are to be stamped.
   * @throws StoreError `unavailable` if that takes too long: nothing may be appended.
   */
  enter(): Promise<number>;
  leave(): void;
  /**
   * Runs work while no other instance appends anything.
   * @throws StoreError `unavailable` if the others can't be made to wait: another try may help.
   */
  exclusively<T>(work: (alone: Alone) => Promise<T>): Promise<T>;
}

/** What an instance knows while no other one appends. */
export interface Alone {
  /** The time after which events are to be stamped. */
  readonly stampAfter: number;
  /** @throws StoreError `unavailable` if it has turned out that others may append again. */
  check(): void;
  /** From now on every instance stamps what it records later than this. */
  settle(time: number): Promise<void>;
}

/** Where nobody else appends. */
export const OPEN_GATE: AppendGate = {
  enter: () => Promise.resolve(0),
  leave: () => undefined,
  exclusively: (work) =>
    work({ stampAfter: 0, check: () => undefined, settle: () => Promise.resolve() }),
};
