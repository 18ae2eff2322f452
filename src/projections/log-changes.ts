import type { Cells } from '../domain/billing/cells';
import type { Item } from '../domain/billing/item';
import type { LogPlace } from '../domain/billing/place';
import type { Mark } from './statement';

/** The changes of a statement's logs: those to put in, and those to take out. A log that changes is in both. */
export interface LogChanges {
  readonly put: readonly Item[];
  readonly removed: readonly { readonly id: string; readonly place: LogPlace }[];
}

/** The effects of changed logs, besides those on the statement itself, which is updated in place. */
export interface Rerated {
  /** The differences to add to the sums. */
  readonly cells: Cells;
  readonly marks: readonly Mark[];
  readonly removedMarks: readonly Mark[];
  /** Whether a log that existed before, and still exists, has other seconds or another cost. */
  readonly changesMoney: boolean;
}
