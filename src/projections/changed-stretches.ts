import type { Item } from '../domain/billing/item';
import { comparePlaces, isSamePlace, type LogPlace } from '../domain/billing/place';
import type { LogChanges } from './log-changes';
import type { Mark } from './statement';

/** The changes in one stretch. */
interface StretchChange {
  readonly put: Item[];
  readonly removed: Set<string>;
}

/** The stretches of a statement that change, by the index of the mark at which each ends. */
export class ChangedStretches {
  private readonly changes = new Map<number, StretchChange>();
  private readonly gone = new Set<number>();
  /** The indexes of the first and the last stretch that change. */
  first = Infinity;
  last = -1;

  constructor(
    private readonly marks: readonly Mark[],
    { put, removed }: LogChanges,
  ) {
    for (const item of put) this.at(item.place).put.push(item);
    for (const { id, place } of removed) {
      this.at(place).removed.add(id);
      const mark = this.indexOf(place) - 1;
      if (mark >= 0 && isSamePlace(marks[mark]!.place, place)) this.gone.add(mark);
    }
    for (const { place } of put) {
      // The log is removed and put back at the same rank, so its stretch still begins with it.
      const mark = this.indexOf(place) - 1;
      if (mark >= 0 && isSamePlace(marks[mark]!.place, place)) this.gone.delete(mark);
    }
    // The logs after a mark that is gone join the stretch before it.
    while (this.gone.has(this.first - 1)) this.first -= 1;
  }

  /** Returns whether the log at a mark is gone. */
  isGone(mark: number): boolean {
    return this.gone.has(mark);
  }

  /** Returns the changes in the stretches from one to another, both included; `undefined` if nothing changes there. */
  within(from: number, to: number): StretchChange | undefined {
    if (from === to) return this.changes.get(from);
    const all: StretchChange = { put: [], removed: new Set() };
    for (let index = from; index <= to; index += 1) {
      const one = this.changes.get(index);
      if (one === undefined) continue;
      all.put.push(...one.put);
      for (const id of one.removed) all.removed.add(id);
    }
    return all;
  }

  private at(place: LogPlace): StretchChange {
    const index = this.indexOf(place);
    this.first = Math.min(this.first, index);
    this.last = Math.max(this.last, index);
    let change = this.changes.get(index);
    if (change === undefined) {
      change = { put: [], removed: new Set() };
      this.changes.set(index, change);
    }
    return change;
  }

  /** Returns the index of the stretch that holds a rank: the number of marks at or before it. */
  private indexOf(place: LogPlace): number {
    let low = 0;
    let high = this.marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (comparePlaces(this.marks[middle]!.place, place) <= 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Returns the logs as a change leaves them, in statement order. */
export function changedItems(
  items: readonly Item[],
  { put, removed }: StretchChange,
): readonly Item[] {
  const kept = removed.size === 0 ? items : items.filter((item) => !removed.has(item.id));
  return [...kept, ...put].sort((a, b) => comparePlaces(a.place, b.place));
}
