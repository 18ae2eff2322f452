import { FULL_SPEED, type Pace } from '../projections/pace';

/** How a verification runs. */
export interface Manner {
  readonly pace: Pace;
  /**
   * Whether an error, such as an unreachable server's, says nothing about the ledger. If so, the verification ends with
   * that error, without a result.
   */
  readonly isPassing: (error: unknown) => boolean;
}

/** For a command that does nothing else: whatever can't be read is a fault. */
export const AT_ONCE: Manner = { pace: FULL_SPEED, isPassing: () => false };
