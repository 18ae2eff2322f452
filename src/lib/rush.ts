/** Counts what comes at about the same time, to tell a rush from single events. */
export class Rush {
  private since = -Infinity;
  private count = 0;

  /** @param ms for how long things count together, from the first of them on. */
  constructor(private readonly ms: number) {}

  /** Adds some now. Returns how many have come together. */
  add(some: number): number {
    const now = performance.now();
    if (now - this.since > this.ms) {
      this.since = now;
      this.count = 0;
    }
    return (this.count += some);
  }
}
