/** Does pieces of work one at a time, in the order in which they came. One that fails keeps no later one from its turn. */
export class OneAtATime {
  private last: Promise<unknown> = Promise.resolve();

  /** Begins `work` when everything before it has ended. Resolves or rejects as it does. */
  run<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  /** Resolves when everything that was given to it before this call has ended. */
  async idle(): Promise<void> {
    await this.last;
  }
}
