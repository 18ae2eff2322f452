import { asError } from '../lib/as-error';

/** Drops whatever this process keeps for a while (answers, results) and so may hold erased values. */
export class Forgetting {
  private readonly steps: (() => unknown)[] = [];

  /** Adds a step to run each time somebody is erased. */
  add(step: () => unknown): void {
    this.steps.push(step);
  }

  /**
   * Runs all steps, even if one fails: what the others hold must go.
   * @throws what a step threw; an AggregateError if several failed.
   */
  async forget(): Promise<void> {
    const failed: unknown[] = [];
    for (const step of this.steps) {
      try {
        await step();
      } catch (error) {
        failed.push(error);
      }
    }
    if (failed.length === 0) return;
    if (failed.length === 1) throw failed[0];
    throw new AggregateError(failed, failed.map((error) => asError(error).message).join(' '));
  }
}
