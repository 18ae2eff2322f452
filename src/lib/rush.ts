/** Counts what comes at about the same time, to tell a rush from single events. */
export class Rush {
  private since = -Infinity;
  private count = 0;

  /** @param ms how long a count lasts, from the first thing in it. */
  constructor(private readonly ms: number) {}

  /** Adds things that came just now. Returns how many are in the current count. */
  add(some: number): number {
    const now = performance.now();
    if (now - this.since > this.ms) {
      this.since = now;
      this.count = 0;
    }
    return (this.count += some);
  }
}
