/**
 * The kinds of faults:
 * - `store`: the store's own bookkeeping is wrong, or a file can't be read;
 * - `event`: the ledger can't have written a stored event;
 * - `changed`, `removed`, `inserted`, `swapped`, `differs`: the first index where the events are not those that were
 *   signed or counted; `tail_missing`: the ledger ends before them;
 * - `signed_root`, `closed_period`: a kept root, or what a close pinned, does not match these events;
 * - `witness`: a witness's cosignature is missing or wrong, or what it signed does not match these events;
 * - `read_model`: a row does not follow from the events.
 */
export const FAULT_KINDS = [
  'store',
  'event',
  'changed',
  'removed',
  'inserted',
  'swapped',
  'differs',
  'tail_missing',
  'signed_root',
  'closed_period',
  'witness',
  'read_model',
] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** One fault, and where it is. */
export interface Fault {
  readonly kind: FaultKind;
  /** The event's number in ledger order; null if the fault is not about one event. */
  readonly index: number | null;
  readonly position: string | null;
  /** A sentence or two. */
  readonly detail: string;
}

/** Returns an error's message. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** How many faults are listed. All are counted. */
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
