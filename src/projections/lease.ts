/**
 * The right to advance a projection, which one instance holds at a time. It only saves work; rows do not depend on it.
 * The checkpoint's compare-and-set refuses a former holder that has not noticed the loss.
 */
export interface Lease {
  /** Whether other instances may advance the projection too, and must be told how far the projection is. */
  readonly shared: boolean;
  readonly held: boolean;
  /** Resolves once it is held, or when `signal` is aborted. */
  take(signal: AbortSignal): Promise<void>;
  /** Gives it up, so that another instance can take it. */
  release(): Promise<void>;
  /**
   * Adds a listener, called when our view of the lease or of the projection's position may be out of date. Returns an
   * unsubscribe function.
   */
  onLost(listener: () => void): () => void;
  /** Tells the other instances that the projection has been committed up to a position. */
  announce(position: number): void;
  /** Tells the holder that somebody waits here, so that it does not delay a commit to gather more events. */
  await(): void;
  /** Whether somebody waits on another instance. */
  readonly isAwaited: boolean;
  /** Adds a listener, called with the positions that others announce. Returns an unsubscribe function. */
  onAnnounced(listener: (position: number) => void): () => void;
}

/** The lease of a projection that no other process can advance. */
export const ALWAYS_HELD: Lease = {
  shared: false,
  held: true,
  take: () => Promise.resolve(),
  release: () => Promise.resolve(),
  onLost: () => () => undefined,
  announce: () => undefined,
  await: () => undefined,
  isAwaited: false,
  onAnnounced: () => () => undefined,
};
