/**
 * Hands values from a maker to a taker, one at a time. The maker makes the next value only when the last one was taken.
 */
export class Handoff<T> {
  private held: { readonly value: T; readonly taken: () => void } | undefined;
  private over: { readonly error: Error | undefined } | undefined;
  private arrived: () => void = () => undefined;

  /** Hands over a value. Resolves when it is taken. */
  put(value: T): Promise<void> {
    return new Promise((taken) => {
      this.held = { value, taken };
      this.arrived();
    });
  }

  /** Ends the series: nothing more is put. */
  end(): void {
    this.over = { error: undefined };
    this.arrived();
  }

  /** Ends the series because making the next value failed. */
  fail(error: Error): void {
    this.over = { error };
    this.arrived();
  }

  /** Yields the values as they arrive. @throws the error given to {@link fail}, after the last value. */
  async *all(): AsyncGenerator<T> {
    for (;;) {
      if (this.held === undefined && this.over === undefined) {
        await new Promise<void>((resolve) => (this.arrived = resolve));
        continue;
      }
      if (this.held === undefined) break;
      const { value, taken } = this.held;
      this.held = undefined;
      taken();
      yield value;
    }
    if (this.over?.error !== undefined) throw this.over.error;
  }
}
