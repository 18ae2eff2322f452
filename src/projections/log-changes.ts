import type { Cells } from '../domain/billing/cells';
import type { Item } from '../domain/billing/item';
import type { LogPlace } from '../domain/billing/place';
import type { Mark } from './statement';

/** What became of a statement's logs: those to put in, and those that were there and go. One that changes is both. */
export interface LogChanges {
  readonly put: readonly Item[];
  readonly removed: readonly { readonly id: string; readonly place: LogPlace }[];
}

/** What a change of logs made of a statement, besides the statement itself, which is changed in place. */
export interface Rerated {
  /** Differences of sums. */
  readonly cells: Cells;
  readonly marks: readonly Mark[];
  readonly removedMarks: readonly Mark[];
  /** Whether a log that stays has other seconds or another cost than before. */
  readonly changesMoney: boolean;
}
