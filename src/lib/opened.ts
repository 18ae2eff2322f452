/**
 * Remembers what was opened, and closes it in the reverse order. Closes each part once. If one part fails to close, the
 * rest are still closed, so that no file stays locked.
 */
export class Opened {
  private readonly steps: (() => unknown)[] = [];
  private closing: Promise<void> | undefined;

  /** Returns `part`, which {@link close} closes. */
  keep<T extends { close(): unknown }>(part: T): T {
    this.atClose(() => part.close());
    return part;
  }

  /** Runs `step` at {@link close}, before the steps that were added earlier. */
  atClose(step: () => unknown): void {
    this.steps.push(step);
  }

  /**
   * Closes everything. A second call waits for the same end.
   * @throws the failure of a part, after everything else is closed; an AggregateError if several fail.
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
