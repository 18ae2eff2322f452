/** Lets queries wait until a projection has reached a position. */
export class PositionWaiter {
  private position = 0;
  private begun: (position: number) => void = () => undefined;
  private readonly waiting = new Set<{ position: number; settle: (reached: boolean) => void }>();

  /** The position that the projection is at. It also goes back: when the lease is lost, and when rows begin again. */
  get reachedPosition(): number {
    return this.position;
  }

  /** Whether anyone waits. */
  get isAwaited(): boolean {
    return this.waiting.size > 0;
  }

  /** Sets the listener that is called with the position when somebody begins to wait. */
  onWaiting(listener: (position: number) => void): void {
    this.begun = listener;
  }

  /** Records how far the projection is, and releases those who waited for it. */
  reached(position: number): void {
    this.position = position;
    for (const one of this.waiting) if (one.position <= position) one.settle(true);
  }

  /** Resolves to true once the position is reached, to false after `timeoutMs` or when `signal` is aborted. */
  waitFor(position: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    if (position <= this.position) return Promise.resolve(true);
    if (signal?.aborted === true) return Promise.resolve(false);
    return new Promise((resolve) => {
      const stop = () => one.settle(false);
      const one = {
        position,
        settle: (reached: boolean) => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', stop);
          this.waiting.delete(one);
          resolve(reached);
        },
      };
      const timer = setTimeout(stop, timeoutMs);
      signal?.addEventListener('abort', stop);
      this.waiting.add(one);
      this.begun(position);
    });
  }

  /** Resolves to true once the position is reached, however long that takes; to false if this is closed first. */
  reaches(position: number): Promise<boolean> {
    if (position <= this.position) return Promise.resolve(true);
    return new Promise((resolve) => {
      const one = {
        position,
        settle: (reached: boolean) => {
          this.waiting.delete(one);
          resolve(reached);
        },
      };
      this.waiting.add(one);
      this.begun(position);
    });
  }

  close(): void {
    for (const one of this.waiting) one.settle(false);
  }
}
