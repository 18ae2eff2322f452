import type { SubscribeOptions, Subscription } from '../../port';
import { unpackEvents, type Packed } from './messages';
import type { StoreThread, ThreadListener } from './store-thread';

/** How often, and for how long after the last page, it checks whether somebody waits. */
const LOOK_MS = 20;
const LOOK_FOR_MS = 1_000;

/** A subscription whose pages come from the other thread. */
export class ThreadSubscription implements Subscription, ThreadListener {
  readonly done: Promise<void>;
  private readonly id: number;
  private settle!: { resolve: () => void; reject: (error: unknown) => void };
  private closed = false;
  private running: Promise<void> = Promise.resolve();
  /** 1 until the first check, so that nothing is held back before it. */
  private readonly awaited = new Int32Array(new SharedArrayBuffer(4)).fill(1);
  private looking: NodeJS.Timeout | undefined;
  private lookUntil = 0;

  constructor(
    private readonly thread: StoreThread,
    private readonly options: SubscribeOptions,
  ) {
    this.done = new Promise((resolve, reject) => (this.settle = { resolve, reject }));
    // A caller that awaits `done` gets the error. If nobody does, the process must not end.
    this.done.catch(() => undefined);
    this.id = thread.listen(this);
    const { after, pageSize } = options;
    thread.post({ subscribe: this.id, after, pageSize, awaited: this.awaited });
  }

  page(events: Packed): void {
    if (this.closed) return;
    this.running = this.deliver(events);
  }

  ended(error?: Error): void {
    clearInterval(this.looking);
    void this.running.then(() => {
      if (error === undefined || this.closed) this.settle.resolve();
      else this.settle.reject(error);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    this.thread.post({ unsubscribe: this.id });
    if (this.thread.isDead) this.ended();
    await this.done.catch(() => undefined);
  }

  private async deliver(events: Packed): Promise<void> {
    try {
      await this.options.onPage(unpackEvents(events));
    } catch (error) {
      this.settle.reject(error);
      this.thread.post({ unsubscribe: this.id });
      return;
    }
    this.look();
    this.thread.post({ taken: this.id });
  }

  /** Reports to the other thread, for a while, whether somebody waits. */
  private look(): void {
    const { isAwaited } = this.options;
    if (isAwaited === undefined) return;
    Atomics.store(this.awaited, 0, isAwaited() ? 1 : 0);
    this.lookUntil = performance.now() + LOOK_FOR_MS;
    this.looking ??= setInterval(() => {
      const over = performance.now() > this.lookUntil;
      Atomics.store(this.awaited, 0, over || isAwaited() ? 1 : 0);
      if (!over) return;
      clearInterval(this.looking);
      this.looking = undefined;
    }, LOOK_MS).unref();
  }
}
