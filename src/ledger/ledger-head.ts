import type { EventStore } from '../event-store/port';

/** How often the head is looked up in a store that others append to. */
const LOOK_MS = 1_000;

/** The head of the ledger, as far as this instance knows it without asking the store each time. */
export class LedgerHead {
  private known = 0;
  private lookedAt = -Infinity;
  private looking = false;

  constructor(private readonly store: Pick<EventStore, 'head' | 'shared' | 'positionsAnEvent'>) {}

  /** The position of the last known event. If the store is shared, it may be a second old. */
  get position(): number {
    if (this.store.shared) void this.look();
    return this.known;
  }

  /** Notes that there is an event at a position. */
  saw(position: number): void {
    this.known = Math.max(this.known, position);
  }

  /** Returns how many events are recorded after a position; an estimate on a store whose positions have gaps. */
  behind(position: number): number {
    const positions = Math.max(0, this.position - position);
    return Math.ceil(positions / (this.store.positionsAnEvent ?? 1));
  }

  /** Looks up the head. If the store does not answer, a later call tries again. */
  private async look(): Promise<void> {
    const now = performance.now();
    if (this.looking || now - this.lookedAt < LOOK_MS) return;
    this.looking = true;
    this.lookedAt = now;
    try {
      this.saw(await this.store.head());
    } catch {
      return;
    } finally {
      this.looking = false;
    }
  }
}
