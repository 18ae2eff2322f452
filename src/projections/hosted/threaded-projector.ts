import type { MessagePort } from 'node:worker_threads';

import type { Agreement } from '../../domain/account/agreement';
import { START } from '../../event-store/port';
import { asError } from '../../lib/as-error';
import { Backoff, type BackoffOptions } from '../../lib/backoff';
import { openReasonOf } from '../../lib/open-reason';
import { Listeners } from '../../lib/listeners';
import { Rush } from '../../lib/rush';
import type { Thread } from '../../lib/thread';
import { waitAtMost } from '../../lib/wait-at-most';
import type { HeldWriter } from '../../read-model/rebuildable';
import type { Checkpoint } from '../../read-model/rows';
import { unpackError } from '../../threads/pack-error';
import { Peer, type Answerers } from '../../threads/peer';
import { ALWAYS_HELD, type Lease } from '../lease';
import { PositionWaiter } from '../position-waiter';
import type { ProjectorStatus } from '../projector';
import type { Advanced, ProjectionCalls, ProjectionData, ServingCalls } from './calls';

/** The pauses between starts of a thread that ends without progress. */
const RESTART_PAUSES: BackoffOptions = { firstMs: 100, mostMs: 5_000 };
/** How long the thread may be silent before it counts as stuck. Folding a statement of any length takes less. */
const STUCK_MS = 60_000;
const CLOSE_MS = 15_000;
/**
 * If there are more than `FEW_APPENDS` appends within `RUSH_MS`, the thread gets one message for those of each
 * `WAKE_MS`: a message costs both threads more than a small append.
 */
const RUSH_MS = 100;
const FEW_APPENDS = 16;
const WAKE_MS = 10;
const LOOK_ELSEWHERE_MS = 50;
/** How long the thread assumes that somebody waits, after each `awaited` call. */
const AWAITED_MS = 2_500;

/** What the serving thread does for the projector. */
export interface ThreadedProjectorOptions {
  /**
   * Fills new rows beside the live ones, up to the ledger's end, and replaces the live ones with them. @param why a
   * sentence.
   */
  readonly deriveAgain?: (why: string) => Promise<void>;
  /** The projector advances the projection only while this is held. Otherwise it follows the instance that holds it. */
  readonly lease?: Lease;
  /** Makes a port to the event store for the thread, if only this thread has a connection to it. */
  readonly storePort?: () => MessagePort;
}

type Projecting = Peer<ProjectionCalls, ServingCalls>;

/**
 * The serving thread's side of a projector that runs on a thread of its own (`host-projector.ts`). If that thread dies,
 * it is started again and continues from the checkpoint: only time is lost.
 */
export class ThreadedProjector implements HeldWriter {
  readonly waiter = new PositionWaiter();
  /** Listeners for checkpoints: the one at the start, then the new one after each commit. */
  readonly advances = new Listeners<Checkpoint>();
  private readonly lease: Lease;
  private readonly awaitedElsewhere = new Int32Array(new SharedArrayBuffer(4));
  private thread: Thread | undefined;
  private peer: Projecting | undefined;
  private status_: ProjectorStatus = { position: 0, trouble: undefined, waits: undefined };
  /** Why the thread is down; `undefined` while it runs. */
  private down: string | undefined;
  private heardAt = 0;
  private epoch = 0;
  private holding = false;
  private agreement: Agreement | null = null;
  /** The position last sent to the thread as awaited, and until when it need not be sent again. */
  private told = { position: 0, until: 0 };
  private readonly rush = new Rush(RUSH_MS);
  private waking: NodeJS.Timeout | undefined;
  private failure: Error | undefined;
  private running: Promise<void> | undefined;
  private readonly stopping = new AbortController();
  private readonly closing: (() => void)[] = [];

  /**
   * @param startThread starts a thread that runs `hostProjector`.
   * @param report receives each failure; the projector itself continues.
   */
  constructor(
    private readonly startThread: (data: ProjectionData) => Thread,
    private readonly report: (error: unknown) => void,
    private readonly options: ThreadedProjectorOptions = {},
  ) {
    this.lease = options.lease ?? ALWAYS_HELD;
  }

  start(): void {
    if (this.running !== undefined) return;
    this.waiter.onWaiting((position) => this.awaited(position));
    this.followLease();
    this.running = this.run();
  }

  status(): ProjectorStatus {
    const { waits, trouble } = this.status_;
    const position = Math.max(this.status_.position, this.waiter.reachedPosition);
    return { position, waits, trouble: this.down ?? this.silence() ?? trouble };
  }

  /** Tells the thread that something was appended: at once, or a little later if many appends are. */
  wake(): void {
    if (this.waking !== undefined) return;
    if (this.rush.add(1) <= FEW_APPENDS) this.wakeNow();
    else this.waking = setTimeout(() => this.wakeNow(), WAKE_MS);
  }

  async hold(): Promise<void> {
    this.holding = true;
    await this.askAll('hold');
  }

  async reopen(): Promise<void> {
    await this.askAll('reopen');
  }

  async release(): Promise<void> {
    this.holding = false;
    await this.askAll('release');
  }

  async close(): Promise<void> {
    this.stopping.abort();
    clearTimeout(this.waking);
    for (const step of this.closing.splice(0)) step();
    if (this.peer !== undefined) await waitAtMost(CLOSE_MS, this.peer.ask('close', undefined));
    await this.thread?.terminate();
    await this.running;
    this.waiter.close();
  }

  /** Calls the thread, if there is one. If not, the next thread starts with the state at that time. */
  private async askAll(name: 'hold' | 'reopen' | 'release'): Promise<void> {
    await this.peer?.ask(name, undefined).catch((error: unknown) => {
      if (!(error instanceof ThreadEndedError)) throw error;
    });
  }

  private wakeNow(): void {
    this.waking = undefined;
    this.peer?.tell('wake', undefined);
  }

  private async run(): Promise<void> {
    const backoff = new Backoff(RESTART_PAUSES);
    while (!this.stopping.signal.aborted) {
      const before = this.waiter.reachedPosition;
      const why = await this.runThread();
      if (this.stopping.signal.aborted) return;
      const reason = why === undefined ? 'the reason is unknown' : openReasonOf(why);
      this.down = `The thread that projects ended: ${reason.replace(/\.$/, '')}. It is started again.`;
      this.report(why ?? new Error(this.down));
      // What fails here may work on another instance.
      if (this.lease.shared) await this.lease.release();
      if (this.waiter.reachedPosition > before) backoff.reset();
      await backoff.pause(this.stopping.signal);
    }
  }

  private async runThread(): Promise<Error | undefined> {
    const { shared, held } = this.lease;
    const { holding, epoch, awaitedElsewhere } = this;
    this.heardAt = performance.now();
    try {
      this.thread = this.startThread({ shared, held, holding, epoch, awaitedElsewhere });
    } catch (error) {
      // The operating system gives this process no more threads now.
      return asError(error);
    }
    const peer: Projecting = new Peer<ProjectionCalls, ServingCalls>(
      this.thread.port,
      this.answerers(),
      (error) => this.report(error),
    );
    this.peer = peer;
    this.told = { position: 0, until: 0 };
    this.failure = undefined;
    const ended = await this.thread.ended;
    const why = this.failure ?? ended;
    this.peer = undefined;
    peer.end(new ThreadEndedError(why));
    return why;
  }

  private answerers(): Answerers<ServingCalls> {
    return {
      advanced: (next) => this.advanced(next),
      status: (status) => {
        this.heard();
        this.status_ = status;
      },
      alive: () => this.heard(),
      report: (error) => this.report(unpackError(error)),
      failed: async (error) => {
        this.failure = unpackError(error);
        await this.thread?.terminate();
      },
      take: async (_, { signal }) => {
        await this.lease.take(signal);
        this.peer?.tell('held', this.lease.held);
      },
      letGo: () => this.lease.release(),
      announce: (position) => this.lease.announce(position),
      derive: (why) => {
        if (this.options.deriveAgain === undefined) throw new Error(why);
        return this.options.deriveAgain(why);
      },
      storePortWanted: () => {
        const port = this.options.storePort?.();
        if (port !== undefined) this.peer?.tell('storePort', port, [port]);
      },
    };
  }

  private advanced({ checkpoint, agreement, epoch }: Advanced): void {
    this.heard();
    if (agreement !== undefined) this.agreement = agreement;
    // A checkpoint from before the lease was lost may not be there any more.
    if (epoch === this.epoch) this.waiter.reached(checkpoint.position);
    this.advances.tell({ ...checkpoint, agreement: this.agreement });
  }

  private followLease(): void {
    const { lease } = this;
    if (!lease.shared) return;
    this.closing.push(
      lease.onLost(() => {
        this.epoch += 1;
        this.waiter.reached(START);
        this.peer?.tell('lost', this.epoch);
      }),
      lease.onAnnounced((position) => {
        if (lease.held) return;
        this.waiter.reached(Math.max(position, this.waiter.reachedPosition));
        this.peer?.tell('announced', position);
      }),
    );
    const looking = setInterval(() => {
      Atomics.store(this.awaitedElsewhere, 0, lease.isAwaited ? 1 : 0);
    }, LOOK_ELSEWHERE_MS).unref();
    this.closing.push(() => clearInterval(looking));
  }

  private awaited(position: number): void {
    this.lease.await();
    const now = performance.now();
    if (position <= this.told.position && now < this.told.until) return;
    this.told = { position, until: now + AWAITED_MS / 2 };
    this.peer?.tell('awaited', { position, ms: AWAITED_MS });
  }

  private heard(): void {
    this.heardAt = performance.now();
    this.down = undefined;
  }

  private silence(): string | undefined {
    const seconds = Math.floor((performance.now() - this.heardAt) / 1_000);
    if (this.peer === undefined || seconds * 1_000 < STUCK_MS) return undefined;
    return `The thread that projects has said nothing for ${seconds} seconds.`;
  }
}

/** The thread ended before it answered. */
class ThreadEndedError extends Error {
  constructor(cause: Error | undefined) {
    super('The thread that projects has ended.', { cause });
    this.name = 'ThreadEndedError';
  }
}
