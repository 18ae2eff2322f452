import type { Lease } from '../lease';
import type { ProjectionData, ServingCalls } from './calls';
import type { Peer } from '../../threads/peer';

/** The lease as the projecting thread has it: it lies with the thread that serves, whose connection holds it. */
export class RemoteLease implements Lease {
  readonly shared = true;
  held: boolean;
  /** How often it was lost. */
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
      // Once it is held, that is told before this is answered.
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

  /** Who waits does so at the thread that serves, which says so to the others itself. */
  await(): void {
    return undefined;
  }

  onAnnounced(listener: (position: number) => void): () => void {
    this.announcements.add(listener);
    return () => this.announcements.delete(listener);
  }

  /** It is told that it is lost. */
  hearLost(epoch: number): void {
    this.epoch = epoch;
    this.held = false;
    for (const listener of [...this.lost]) listener();
  }

  hearAnnounced(position: number): void {
    for (const listener of [...this.announcements]) listener(position);
  }
}
