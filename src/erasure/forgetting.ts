/** Drops whatever this process keeps for a while (answers, results) and so may hold erased values. */
export class Forgetting {
  private readonly steps: (() => unknown)[] = [];

  /** Adds a step to run each time somebody is erased. */
  add(step: () => unknown): void {
    this.steps.push(step);
  }

  /** Runs all steps. */
  async forget(): Promise<void> {
    for (const step of this.steps) await step();
  }
}
