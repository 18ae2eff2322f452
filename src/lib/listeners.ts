/** A set of callbacks, called each time something happens, in the order in which they were added. */
export class Listeners<T> {
  private readonly all = new Set<(value: T) => void>();

  /** Calls `listener` from now on. Returns an unsubscribe function. */
  add(listener: (value: T) => void): () => void {
    this.all.add(listener);
    return () => void this.all.delete(listener);
  }

  /** Calls every listener. @throws what a listener throws; the listeners after it are not called. */
  tell(value: T): void {
    for (const listener of [...this.all]) listener(value);
  }
}
