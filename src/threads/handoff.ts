/** Hands things from who makes them to who takes them, one at a time: the next one is made once the last one was taken. */
export class Handoff<T> {
  private held: { readonly value: T; readonly taken: () => void } | undefined;
  private over: { readonly error: Error | undefined } | undefined;
  private arrived: () => void = () => undefined;

  /** Resolves when it was taken. */
  put(value: T): Promise<void> {
    return new Promise((taken) => {
      this.held = { value, taken };
      this.arrived();
    });
  }

  /** It has ended. */
  end(): void {
    this.over = { error: undefined };
    this.arrived();
  }

  /** It has ended, because making it failed. */
  fail(error: Error): void {
    this.over = { error };
    this.arrived();
  }

  /** All things, as they come. @throws what making them failed with. */
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
