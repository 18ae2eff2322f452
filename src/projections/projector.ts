import {
  START,
  type EventStore,
  type Position,
  type StoredEvent,
  type Subscription,
} from '../event-store/port';
import { isDamage } from '../event-store/sqlite-code';
import { Backoff, type BackoffOptions } from '../lib/backoff';
import { openReasonOf } from '../lib/open-reason';
import {
  CheckpointMovedError,
  NOTHING_READ,
  type Checkpoint,
  type RowStore,
} from '../read-model/rows';
import { BillingFold, FoldAgainError, segments, type FoldCaches } from './billing-fold';
import { follow } from './follow';
import { ALWAYS_HELD, type Lease } from './lease';
import { PositionWaiter } from './position-waiter';

const PAGE = 4_000;
/**
 * How many events the first commit holds after a start, or after taking over from another instance. Nothing is in
 * memory then, and each session is read. A small first commit comes soon, and shows others that work proceeds. Each
 * next one may hold twice as many, up to a page.
 */
const FIRST_PART = 10;
const PAUSES: BackoffOptions = { firstMs: 100, mostMs: 5_000 };

/** The state of a projection. */
export interface ProjectorStatus {
  readonly position: number;
  /** Why it does not move, for anybody; `undefined` while it does. */
  readonly trouble: string | undefined;
  /** What it waits for before it can move on, for a person; `undefined` while it waits for nothing. */
  readonly waits: string | undefined;
}

/** What a projector works with besides the store and the rows. */
export interface ProjectorOptions {
  /** Receives the checkpoint: after each commit, and whenever it is read. */
  readonly advanced?: (next: Checkpoint) => void;
  /**
   * Fills new rows beside the live ones, up to the ledger's end, and replaces the live ones with them. Without this
   * option, a close under which earlier events must be folded again stops the projection for good.
   */
  readonly deriveAgain?: (error: FoldAgainError) => Promise<void>;
  /** The projector advances the projection only while this is held. Otherwise it follows the instance that holds it. */
  readonly lease?: Lease;
  readonly caches?: FoldCaches | undefined;
}

/**
 * Drives the read model from the store's subscription: page by page, rows and checkpoint in one transaction. When a
 * page fails, it drops what is in memory, waits, and continues from the checkpoint; nothing is skipped.
 */
export class Projector {
  readonly waiter = new PositionWaiter();
  private readonly fold: BillingFold;
  private checkpoint: Checkpoint = NOTHING_READ;
  private subscription: Subscription | undefined;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private trouble: string | undefined;
  /** The position after which events failed here: until the cause is gone, they fail again, on each instance. */
  private failedAfter = -1;
  private waits: string | undefined;
  private part = FIRST_PART;
  /**
   * Whether a commit has found the checkpoint moved since the last page. Once is normal: another instance advanced the
   * projection, or a rebuild replaced the rows.
   */
  private moved = false;

  private readonly advanced: (next: Checkpoint) => void;
  private readonly deriveAgain: ProjectorOptions['deriveAgain'];
  private readonly lease: Lease;

  /** @param report receives each failure; the projector itself continues. */
  constructor(
    private readonly store: Pick<EventStore, 'readStream' | 'subscribe'>,
    private readonly rows: RowStore,
    private readonly report: (error: unknown) => void,
    { advanced = () => undefined, deriveAgain, lease = ALWAYS_HELD, caches }: ProjectorOptions = {},
  ) {
    this.advanced = advanced;
    this.deriveAgain = deriveAgain;
    this.lease = lease;
    const writePart = rows.writePart.bind(rows);
    this.fold = new BillingFold(store, rows, { ...caches, writePart });
  }

  status(): ProjectorStatus {
    const position = Math.max(this.checkpoint.position, this.waiter.reachedPosition);
    const { trouble, waits } = this;
    return { position, trouble, waits };
  }

  start(): void {
    this.waiter.onWaiting(() => this.lease.await());
    // A database that crashed may have lost its newest rows. Nobody is told that they exist until they are seen again.
    this.lease.onLost(() => this.waiter.reached(START));
    this.running ??= this.run();
  }

  async close(): Promise<void> {
    this.stopping.abort();
    await this.subscription?.close();
    await this.running;
    this.waiter.close();
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(PAUSES);
    while (!this.stopping.signal.aborted) {
      const before = this.checkpoint.position;
      try {
        await follow(this.lease, this.rows, this.stopping.signal, {
          seen: (checkpoint) => {
            this.seen(checkpoint);
            this.endTrouble();
          },
          told: (position) => this.waiter.reached(Math.max(position, this.waiter.reachedPosition)),
        });
        if (!this.stopping.signal.aborted) await this.lead();
      } catch (failure) {
        this.fold.reset();
        await this.rows.abandon().catch(this.report);
        const left = await this.recover(failure);
        if (left === undefined) continue;
        const { error } = left;
        this.trouble = troubleOf(error);
        this.report(error);
        // What fails here may work on another instance.
        await this.lease.release();
        if (this.checkpoint.position > before) backoff.reset();
        await backoff.pause(this.stopping.signal);
      }
    }
  }

  /** Returns the error to report, if any; `undefined` if work can continue at once, from the current checkpoint. */
  private async recover(error: unknown): Promise<{ readonly error: unknown } | undefined> {
    if (error instanceof CheckpointMovedError && !this.moved) {
      // A rebuild replaced the rows, or another instance advanced the projection.
      this.moved = true;
      return undefined;
    }
    if (!(error instanceof FoldAgainError) || this.deriveAgain === undefined) return { error };
    this.waits = error.message;
    try {
      await this.deriveAgain(error);
      this.trouble = undefined;
      return undefined;
    } catch (cause) {
      return this.stopping.signal.aborted ? undefined : { error: cause };
    } finally {
      this.waits = undefined;
    }
  }

  /** Advances the projection until it is stopped, or the lease is lost. */
  private async lead(): Promise<void> {
    this.fold.reset();
    this.part = FIRST_PART;
    this.seen(await this.rows.checkpoint());
    const subscription = this.store.subscribe({
      after: this.checkpoint.position as Position,
      pageSize: PAGE,
      onPage: (events) => this.tryToTake(events),
      isAwaited: () => this.waiter.isAwaited || this.lease.isAwaited,
    });
    this.subscription = subscription;
    const ignore = this.lease.onLost(() => void subscription.close());
    try {
      if (!this.lease.held || this.stopping.signal.aborted) await subscription.close();
      await subscription.done;
    } finally {
      ignore();
    }
  }

  private seen(checkpoint: Checkpoint): void {
    this.checkpoint = checkpoint;
    this.waiter.reached(checkpoint.position);
    if (checkpoint.size > 0) this.advanced(checkpoint);
  }

  private async tryToTake(events: readonly StoredEvent[]): Promise<void> {
    try {
      await this.take(events);
    } catch (error) {
      this.failedAfter = this.checkpoint.position;
      throw error;
    }
  }

  private async take(events: readonly StoredEvent[]): Promise<void> {
    for (const segment of segments(events)) {
      for (let from = 0; from < segment.length;) {
        if (!this.lease.held) return;
        const part = segment.slice(from, from + this.part);
        from += part.length;
        const { changes, next } = await this.fold.fold(part, this.checkpoint);
        await this.rows.commit(changes, next, this.checkpoint.position);
        this.checkpoint = next;
        this.waiter.reached(next.position);
        this.lease.announce(next.position);
        this.advanced(next);
        if (part.length === this.part) this.part = Math.min(2 * this.part, PAGE);
      }
    }
    this.endTrouble();
    this.moved = false;
  }

  /** Ends the trouble, unless events that failed are yet to be taken. */
  private endTrouble(): void {
    if (this.checkpoint.position > this.failedAfter) this.trouble = undefined;
  }
}

function troubleOf(error: unknown): string {
  const message = openReasonOf(error);
  if (!isDamage(error)) return message;
  return `The read model's file is damaged (${message}). Restart the service: it removes the damaged file, and fills the read model again from the ledger.`;
}
