/**
 * Who may advance a projection: one instance at a time. It is a courtesy that spares work, not what keeps rows right:
 * a former holder that has not noticed the loss is refused by the checkpoint's compare-and-set.
 */
export interface Lease {
  /** Whether other instances may advance the projection, and are to be told how far it is. */
  readonly shared: boolean;
  readonly held: boolean;
  /** Resolves once it is held, or when `signal` is aborted. */
  take(signal: AbortSignal): Promise<void>;
  /** Lets another instance have it. */
  release(): Promise<void>;
  /** Called when our view of the lease or of the projection's position may be stale. Returns an unsubscribe function. */
  onLost(listener: () => void): () => void;
  /** Tells the other instances that the projection has been committed up to a position. */
  announce(position: number): void;
  /** Tells the holder that somebody waits here: what comes is not to be held back to gather more. */
  await(): void;
  /** Whether somebody waits on another instance. */
  readonly isAwaited: boolean;
  /** Called with the positions that others announce. Returns an unsubscribe function. */
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
