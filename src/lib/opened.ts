/**
 * What was opened, to be closed in the reverse order. Each part is closed once, and also if another one could not be:
 * a failure in between keeps no file locked.
 */
export class Opened {
  private readonly steps: (() => unknown)[] = [];
  private closing: Promise<void> | undefined;

  /** Returns `part`, which {@link close} closes. */
  keep<T extends { close(): unknown }>(part: T): T {
    this.atClose(() => part.close());
    return part;
  }

  /** Has `step` done at {@link close}, before the steps that were added earlier. */
  atClose(step: () => unknown): void {
    this.steps.push(step);
  }

  /**
   * Closes everything. A second call waits for the same end.
   * @throws what failed, after everything else was closed; an AggregateError if it was more than one.
   */
  close(): Promise<void> {
    return (this.closing ??= this.closeAll());
  }

  private async closeAll(): Promise<void> {
    const failures: unknown[] = [];
    for (let step = this.steps.pop(); step !== undefined; step = this.steps.pop()) {
      try {
        await step();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length === 1) throw failures[0];
    if (failures.length > 1) throw new AggregateError(failures, failures.map(messageOf).join(' '));
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
