/** Runs pieces of work one at a time, in the order in which they arrive. If one fails, the later ones still run. */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  /** Begins `work` when everything before it has ended. Resolves or rejects as `work` does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when all work given before this call has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}
