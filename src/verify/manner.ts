import { FULL_SPEED, type Pace } from '../projections/pace';

/** How a verification goes about it. */
export interface Manner {
  readonly pace: Pace;
  /** Whether an error says nothing of the ledger, such as that of a server that is away: then the verification fails. */
  readonly isPassing: (error: unknown) => boolean;
}

/** For a command that does nothing else: what can't be read is a fault. */
export const AT_ONCE: Manner = { pace: FULL_SPEED, isPassing: () => false };
