/**
 * What does not follow, by kind:
 * - `store`: the store's own bookkeeping, or a file that cannot be read;
 * - `event`: a stored event that the ledger cannot have written;
 * - `changed`, `removed`, `inserted`, `swapped`, `differs`: the first place where the events are not those that were
 *   signed or counted; `tail_missing`: the ledger ends before them;
 * - `signed_root`, `closed_period`: a kept root, or what a close pinned, is not of these events;
 * - `witness`: a witness's cosignature is missing or wrong, or what it signed is not of these events;
 * - `read_model`: a row that does not follow from the events.
 */
export type FaultKind =
  | 'store'
  | 'event'
  | 'changed'
  | 'removed'
  | 'inserted'
  | 'swapped'
  | 'differs'
  | 'tail_missing'
  | 'signed_root'
  | 'closed_period'
  | 'witness'
  | 'read_model';

/** One thing that does not follow, and where. */
export interface Fault {
  readonly kind: FaultKind;
  /** The event's number in ledger order; null if the fault is not about one event. */
  readonly index: number | null;
  readonly position: string | null;
  /** A sentence or two. */
  readonly detail: string;
}

/** Why something failed, in the error's own words. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How many faults are shown. All are counted. */
const SHOWN = 100;

/** Counts faults, and keeps the first ones. */
export class Faults {
  count = 0;
  readonly shown: Fault[] = [];

  add(kind: FaultKind, detail: string, place: { index?: number; position?: number } = {}): void {
    this.count += 1;
    if (this.shown.length >= SHOWN) return;
    const { index = null, position } = place;
    this.shown.push({
      kind,
      index,
      position: position === undefined ? null : String(position),
      detail,
    });
  }
}
