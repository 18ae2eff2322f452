import type { EventFollower } from '../../event-store/port';
import type { ThreadPort } from '../../lib/thread';
import type { Agreement } from '../../domain/account/agreement';
import type { HeldWriter } from '../../read-model/rebuildable';
import type { Checkpoint, RowStore } from '../../read-model/rows';
import { packError } from '../../threads/pack-error';
import { Peer, type Answerers } from '../../threads/peer';
import type { FoldCaches } from '../billing-fold';
import { ALWAYS_HELD } from '../lease';
import { Projector, type ProjectorStatus } from '../projector';
import type { ProjectionCalls, ProjectionData, ServingCalls } from './calls';
import { RemoteLease } from './remote-lease';

const ALIVE_MS = 1_000;
const LOOK_MS = 100;

/** The connections of a projecting thread: it shares them with no other thread. */
export interface ProjectionSide {
  readonly store: EventFollower;
  readonly rows: RowStore;
  /** Left out if the connections of `rows` are never exchanged. */
  readonly writer?: HeldWriter;
  close(): Promise<void>;
}

type Serving = Peer<ServingCalls, ProjectionCalls>;

/** How the projecting thread reaches the event store if only the serving thread has a connection to it. */
export interface StorePorts {
  /** Asks for a port, which arrives later. */
  want(): void;
  onPort(listener: (port: ProjectionCalls['storePort']['asked']) => void): void;
}

/** @param report receives the errors of connections that broke while idle. */
export type OpenSide = (
  ports: StorePorts,
  report: (error: unknown) => void,
) => Promise<ProjectionSide>;

/**
 * Runs a projector on this thread for a {@link ThreadedProjector} on another one.
 * @param open opens the thread's connections. If it fails, the thread ends with that error, and is started again.
 */
export function hostProjector(
  port: ThreadPort,
  data: ProjectionData,
  open: OpenSide,
  caches?: FoldCaches,
): void {
  new Host(port, data, open, caches).begin();
}

class Host {
  private readonly serving: Serving;
  private readonly lease: RemoteLease | undefined;
  private side: ProjectionSide | undefined;
  private projector: Projector | undefined;
  private readonly timers: NodeJS.Timeout[] = [];
  private told: ProjectorStatus | undefined;
  private agreement: Agreement | null | undefined;
  private takePort: (port: ProjectionCalls['storePort']['asked']) => void = () => undefined;
  private readonly opening: Promise<ProjectionSide>;

  constructor(
    port: ThreadPort,
    private readonly data: ProjectionData,
    open: OpenSide,
    private readonly caches: FoldCaches | undefined,
  ) {
    this.serving = new Peer<ServingCalls, ProjectionCalls>(port, this.answerers(), (error) =>
      this.report(error),
    );
    this.lease = data.shared ? new RemoteLease(this.serving, data) : undefined;
    const ports: StorePorts = {
      want: () => this.serving.tell('storePortWanted', undefined),
      onPort: (listener) => (this.takePort = listener),
    };
    this.opening = open(ports, (error) => this.report(error));
  }

  begin(): void {
    this.opening
      .then((side) => this.start(side))
      .catch((error: unknown) => this.serving.tell('failed', packError(error)));
  }

  private async start(side: ProjectionSide): Promise<void> {
    this.side = side;
    // The previous thread died while commits were held, and the hold continues.
    if (this.data.holding) await side.writer?.hold();
    const projector = new Projector(side.store, side.rows, (error) => this.report(error), {
      advanced: (next) => this.advanced(next),
      deriveAgain: (error) => this.serving.ask('derive', error.message),
      lease: this.lease ?? ALWAYS_HELD,
      caches: this.caches,
    });
    this.projector = projector;
    projector.start();
    this.timers.push(setInterval(() => this.serving.tell('alive', undefined), ALIVE_MS));
    this.timers.push(setInterval(() => this.tellStatus(), LOOK_MS));
  }

  private answerers(): Answerers<ProjectionCalls> {
    return {
      wake: () => this.side?.store.wake(),
      awaited: ({ position, ms }) => {
        void this.projector?.waiter.waitFor(position, ms);
        this.side?.store.wake();
      },
      held: (held) => {
        if (this.lease !== undefined) this.lease.held = held;
      },
      lost: (epoch) => this.lease?.hearLost(epoch),
      announced: (position) => this.lease?.hearAnnounced(position),
      hold: async () => (await this.opening).writer?.hold(),
      reopen: () => this.reopen(),
      release: async () => (await this.opening).writer?.release(),
      storePort: (port) => this.takePort(port),
      close: () => this.close(),
    };
  }

  /**
   * Connects to the file that is in place now. If that fails, this thread ends, because it would commit to a file that
   * nobody reads. The next thread opens the file that is in place.
   */
  private async reopen(): Promise<void> {
    try {
      await (await this.opening).writer?.reopen();
    } catch (error) {
      this.serving.tell('failed', packError(error));
      throw error;
    }
  }

  private advanced({ agreement, ...checkpoint }: Checkpoint): void {
    const isNew = agreement !== this.agreement;
    this.agreement = agreement;
    this.serving.tell('advanced', {
      checkpoint,
      agreement: isNew ? agreement : undefined,
      epoch: this.lease?.epoch ?? 0,
    });
  }

  /** Sends the status first, so that it already names the trouble when the report arrives. */
  private report(error: unknown): void {
    this.tellStatus();
    this.serving.tell('report', packError(error));
  }

  private tellStatus(): void {
    const status = this.projector?.status();
    if (status === undefined) return;
    const { told } = this;
    const same =
      told?.position === status.position &&
      told.trouble === status.trouble &&
      told.waits === status.waits;
    if (same) return;
    this.told = status;
    this.serving.tell('status', status);
  }

  private async close(): Promise<void> {
    for (const timer of this.timers) clearInterval(timer);
    const side = await this.opening.catch(() => undefined);
    await this.projector?.close();
    await side?.close();
  }
}
