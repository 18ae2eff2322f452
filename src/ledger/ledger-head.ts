import type { EventStore } from '../event-store/port';

/** How often the head of a store is looked up that others append to. */
const LOOK_MS = 1_000;

/** How far the ledger is, as far as this instance knows without asking the store each time. */
export class LedgerHead {
  private known = 0;
  private lookedAt = -Infinity;
  private looking = false;

  constructor(private readonly store: Pick<EventStore, 'head' | 'shared' | 'positionsAnEvent'>) {}

  /** The position of the last event that is known. If the store is shared, it may be a second old. */
  get position(): number {
    if (this.store.shared === true) void this.look();
    return this.known;
  }

  /** There is an event at a position. */
  saw(position: number): void {
    this.known = Math.max(this.known, position);
  }

  /** How many events are recorded after a position; on a store whose positions have gaps, about how many. */
  behind(position: number): number {
    const positions = Math.max(0, this.position - position);
    return Math.ceil(positions / (this.store.positionsAnEvent ?? 1));
  }

  /** A store that does not answer now is looked at again later. */
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
