import type { StreamAppend } from '../port';

/** How many appends are remembered. The oldest are forgotten first. */
const MOST = 20_000;

/** Appends that were given up on but may still have been carried out. */
export class Unsettled {
  /** The ids of their first events. */
  private readonly ids = new Set<string>();

  add({ events }: Pick<StreamAppend, 'events'>): void {
    this.ids.add(events[0]!.id);
    if (this.ids.size > MOST) this.ids.delete(this.ids.values().next().value!);
  }

  has({ events }: Pick<StreamAppend, 'events'>): boolean {
    return this.ids.has(events[0]!.id);
  }

  /** Forgets an append whose outcome is now known. Returns the outcome. */
  settle<T>({ events }: Pick<StreamAppend, 'events'>, outcome: T): T {
    this.ids.delete(events[0]!.id);
    return outcome;
  }
}
