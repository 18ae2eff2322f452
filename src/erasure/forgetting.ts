/** Everything in this process that keeps answers or results for a while, and so may hold what is erased. */
export class Forgetting {
  private readonly steps: (() => unknown)[] = [];

  /** Has `step` done each time somebody is erased. */
  add(step: () => unknown): void {
    this.steps.push(step);
  }

  /** Lets go of all of it. */
  async forget(): Promise<void> {
    for (const step of this.steps) await step();
  }
}
