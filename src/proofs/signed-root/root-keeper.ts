import { Problem } from '../../http/problem';
import type { Checkpoint } from '../../read-model/rows';
import type { RootArchive } from './root-archive';
import type { RootSigner } from './root-signer';

/** How many events, and how many milliseconds, may go by before the next root is signed. */
const EVENTS = 10_000;
const INTERVAL_MS = 60_000;

/**
 * Signs and keeps the ledger's root: of its first events at once, then at every close, at a clean stop, and while events
 * come every minute or 10,000 events. What the signer refuses to sign is reported each time, until somebody has looked.
 */
export class RootKeeper {
  private signedSize = 0;
  private latest: Checkpoint | undefined;
  /** How many closes the projection had taken in; `undefined` before it said so first. */
  private closes: number | undefined;
  /** Whether another instance signed when the projection last moved. */
  private followed = false;
  /** Whether it has been told of a checkpoint that it is to sign. */
  private begun = false;
  private timer: NodeJS.Timeout | undefined;
  private working: Promise<void> = Promise.resolve();

  /**
   * @param report is told of each failure; the keeper itself goes on.
   * @param signs whether it is this instance that signs, of several that see the projection move.
   */
  constructor(
    private readonly signer: Pick<RootSigner, 'sign' | 'check' | 'trouble'>,
    private readonly archive: RootArchive,
    private readonly report: (error: unknown) => void,
    private readonly signs: () => boolean = () => true,
  ) {}

  /** Why nothing is signed any more, as a sentence; `undefined` while all is well. */
  get trouble(): string | undefined {
    return this.signer.trouble;
  }

  /** To be called before anything is signed. */
  async start(): Promise<void> {
    this.signedSize = (await this.archive.newest())?.size ?? 0;
  }

  /** To be called once the projection has all that the ledger held at the start: looks whether something is missing. */
  caughtUp(): void {
    this.working = this.working
      .then(() => this.signer.check())
      .catch((error: unknown) => this.tell(error));
  }

  /** Says how far the projection is. */
  advanced(checkpoint: Checkpoint): void {
    this.latest = checkpoint;
    // The instance that signed until now may have gone before it signed a close.
    const takesOver = this.followed && this.signs();
    this.followed = !this.signs();
    if (this.followed) return;
    const closes = checkpoint.agreement?.closes.length ?? 0;
    const closed = this.closes !== undefined && closes > this.closes;
    this.closes = closes;
    if ((closed || takesOver) && checkpoint.size > this.signedSize) return this.signSoon(true);
    // The first one at once: until there is one, nothing would show what is cut off.
    const first = !this.begun && this.signedSize === 0;
    this.begun = true;
    if (first || checkpoint.size - this.signedSize >= EVENTS) return this.signSoon(false);
    if (checkpoint.size === this.signedSize) return;
    this.timer ??= setTimeout(() => this.signSoon(false), INTERVAL_MS).unref();
  }

  /** Signs what is not signed yet, and keeps it for ever. */
  async close(): Promise<void> {
    // A projection that is being filled anew is not behind what was signed for good.
    if ((this.latest?.size ?? 0) >= this.signedSize) this.signSoon(true);
    await this.working;
    clearTimeout(this.timer);
  }

  private signSoon(pinned: boolean): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const checkpoint = this.latest;
    if (checkpoint === undefined || checkpoint.size === 0 || !this.signs()) return;
    if (!pinned && checkpoint.size <= this.signedSize) return;
    // Said at once, so that the events that come while it is signed ask for no signature of their own.
    const before = this.signedSize;
    this.signedSize = Math.max(before, checkpoint.size);
    this.working = this.working
      .then(() => this.sign(checkpoint, pinned))
      .catch((error: unknown) => {
        this.signedSize = before;
        this.tell(error);
      });
  }

  private async sign({ size }: Checkpoint, pinned: boolean): Promise<void> {
    const note = await this.signer.sign(size);
    await this.archive.keep({ size, note }, pinned);
  }

  private tell(error: unknown): void {
    // A read model that is being rebuilt signs when it has caught up.
    if (error instanceof Problem && error.code === 'not_caught_up') return;
    this.report(error);
  }
}
