import type { Lease } from '../lease';
import type { ProjectionData, ServingCalls } from './calls';
import type { Peer } from '../../threads/peer';

/** The projecting thread's view of the lease, which the serving thread holds on its own connection. */
export class RemoteLease implements Lease {
  readonly shared = true;
  held: boolean;
  /** How many times the lease has been lost. */
  epoch: number;
  private readonly lost = new Set<() => void>();
  private readonly announcements = new Set<(position: number) => void>();

  constructor(
    private readonly serving: Pick<Peer<ServingCalls, never>, 'ask' | 'tell'>,
    private readonly data: ProjectionData,
  ) {
    this.held = data.held;
    this.epoch = data.epoch;
  }

  get isAwaited(): boolean {
    return Atomics.load(this.data.awaitedElsewhere, 0) === 1;
  }

  async take(signal: AbortSignal): Promise<void> {
    while (!this.held && !signal.aborted) {
      // Once the lease is held, the serving thread sends `held` before it answers this.
      await this.serving.ask('take', undefined, { signal }).catch(() => undefined);
    }
  }

  async release(): Promise<void> {
    this.held = false;
    await this.serving.ask('letGo', undefined).catch(() => undefined);
  }

  onLost(listener: () => void): () => void {
    this.lost.add(listener);
    return () => this.lost.delete(listener);
  }

  announce(position: number): void {
    this.serving.tell('announce', position);
  }

  /** Does nothing: queries wait on the serving thread, which tells the other instances itself. */
  await(): void {
    return undefined;
  }

  onAnnounced(listener: (position: number) => void): () => void {
    this.announcements.add(listener);
    return () => this.announcements.delete(listener);
  }

  /** Records that the lease was lost. `epoch` is how many times that has happened. */
  hearLost(epoch: number): void {
    this.epoch = epoch;
    this.held = false;
    for (const listener of [...this.lost]) listener();
  }

  hearAnnounced(position: number): void {
    for (const listener of [...this.announcements]) listener(position);
  }
}
