import { Rush } from '../lib/rush';
import { gather, MANY } from './gather';
import { isLastPage } from './pages';
import type { Position, StoredEvent, SubscribeOptions, Subscription } from './port';

/** If {@link MANY} events arrive within the first time, the events after them gather for the second. */
const RUSH_MS = 100;
export const GATHER_MS = 200;

/** How a follower reads events and learns of new ones. */
export interface FollowedStore {
  readAll(after: Position, limit: number): Promise<readonly StoredEvent[]>;
}

/**
 * A subscription for stores that live in this process. It reads page by page until there are no more events, then
 * sleeps until an append wakes it. While many events arrive and nobody waits for them, they gather first.
 */
export class Follower implements Subscription {
  readonly done: Promise<void>;
  private closed = false;
  private woken = false;
  private wakeSleeper: (() => void) | undefined;

  constructor(
    private readonly store: FollowedStore,
    private readonly options: SubscribeOptions,
  ) {
    this.done = this.run();
    // A caller that awaits `done` gets the error. If nobody does, the process must not end.
    this.done.catch(() => undefined);
  }

  /** Notes that there may be new events. */
  wake(): void {
    this.woken = true;
    this.wakeSleeper?.();
  }

  async close(): Promise<void> {
    this.closed = true;
    this.wake();
    await this.done.catch(() => undefined);
  }

  private async run(): Promise<void> {
    const { pageSize, onPage } = this.options;
    let { after } = this.options;
    const rush = new Rush(RUSH_MS);
    while (!this.closed) {
      this.woken = false;
      const page = await this.store.readAll(after, pageSize);
      if (page.length === 0) {
        await this.sleep();
        continue;
      }
      const began = performance.now();
      const together = rush.add(page.length);
      await onPage(page);
      after = page[page.length - 1]!.position;
      // Lets other work run between pages.
      await new Promise((resolve) => setImmediate(resolve));
      if (together >= MANY && isLastPage(page, pageSize)) {
        await gather(began + GATHER_MS, () => this.mayRest());
      }
    }
  }

  private mayRest(): boolean {
    return !this.closed && this.options.isAwaited?.() === false;
  }

  private async sleep(): Promise<void> {
    if (this.woken) return;
    await new Promise<void>((resolve) => (this.wakeSleeper = resolve));
    this.wakeSleeper = undefined;
  }
}
