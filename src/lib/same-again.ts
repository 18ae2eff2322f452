import { BoundedMap } from './bounded-map';

/** How long the same line is not logged again, in milliseconds: some parts of the service try again every second. */
export const SAME_AGAIN_MS = 60_000;
/** How many different lines are remembered. */
const MOST_LINES = 100;

/** Keeps a log short: leaves out a line that it has had within the last minute, and counts it. */
export class SameAgain {
  private readonly had = new BoundedMap<string, { readonly until: number; leftOut: number }>(
    MOST_LINES,
  );

  /**
   * Returns the line to log, with how many like it were left out before it; `undefined` if this one is left out. Lines
   * that differ only in their numbers, such as positions, are the same.
   */
  take(line: string): string | undefined {
    const kind = line.replace(/\d+/g, '0');
    const now = performance.now();
    const before = this.had.get(kind);
    if (before !== undefined && now < before.until) {
      before.leftOut += 1;
      return undefined;
    }
    this.had.set(kind, { until: now + SAME_AGAIN_MS, leftOut: 0 });
    const leftOut = before?.leftOut ?? 0;
    return leftOut === 0 ? line : `${line} (${leftOut} more since this was last logged)`;
  }
}
