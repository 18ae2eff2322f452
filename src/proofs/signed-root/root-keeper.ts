import { Problem } from '../../http/problem';
import { OneAtATime } from '../../lib/one-at-a-time';
import type { Checkpoint } from '../../read-model/rows';
import type { KeptRoot, RootArchive } from './root-archive';
import type { RootSigner } from './root-signer';

/** The next root is signed after at most this many events, and this many milliseconds. */
const EVENTS = 10_000;
const INTERVAL_MS = 60_000;

/**
 * Signs and stores the ledger's root: as soon as it has events, at every close, at a clean stop, and otherwise, while
 * events arrive, every minute or 10,000 events. It reports each refusal of the signer until somebody has looked into
 * it.
 */
export class RootKeeper {
  private size = 0;
  /** The number of events that the newest pinned root covers. */
  private pinnedSize = 0;
  /** Whether the next root must be pinned, because no pinned one covers the newest close. */
  private wantsPin = false;
  private latest: Checkpoint | undefined;
  /** How many closes the projection had folded; `undefined` before its first report. */
  private closes: number | undefined;
  /** Whether another instance signed when the projection last moved. */
  private followed = false;
  /** Whether it has been given a checkpoint to sign. */
  private begun = false;
  private timer: NodeJS.Timeout | undefined;
  private readonly signatures = new OneAtATime();
  private closed = false;

  /**
   * @param report receives each failure; the keeper itself carries on.
   * @param signs whether this instance signs, if several see the projection move.
   */
  constructor(
    private readonly signer: Pick<RootSigner, 'sign' | 'check' | 'trouble'>,
    private readonly archive: Pick<RootArchive, 'keep' | 'newest' | 'pinned'>,
    private readonly report: (error: unknown) => void,
    private readonly signs: () => boolean = () => true,
    /** Called with each root that was stored. */
    private readonly kept: (root: KeptRoot, pinned: boolean) => void = () => undefined,
  ) {}

  /** The number of events that the newest signed root covers. */
  get signedSize(): number {
    return this.size;
  }

  /** A sentence that says why nothing more is signed; `undefined` while all is well, or if another instance signs. */
  get trouble(): string | undefined {
    return this.signs() ? this.signer.trouble : undefined;
  }

  /** Must be called before anything is signed. */
  async start(): Promise<void> {
    this.size = (await this.archive.newest())?.size ?? 0;
    this.pinnedSize = (await this.archive.pinned()).at(-1) ?? 0;
  }

  /**
   * Must be called when the projection has caught up with the ledger as of the start. Checks whether anything is
   * missing.
   */
  caughtUp(): void {
    this.signatures.run(() => this.signer.check()).catch((error: unknown) => this.tell(error));
  }

  /** Notes how far the projection has got. */
  advanced(checkpoint: Checkpoint): void {
    this.latest = checkpoint;
    // The instance that signed until now may have stopped before signing a close.
    const takesOver = this.followed && this.signs();
    this.followed = !this.signs();
    if (this.followed) return;
    const closed = this.seesClose(checkpoint);
    if (closed || (takesOver && checkpoint.size > this.size)) {
      this.wantsPin = true;
      // A projection that is being filled from scratch may not have reached the signed size yet.
      if (checkpoint.size >= this.size) return this.signSoon();
    }
    // The first root is signed at once: without one, nothing would show that events were cut off.
    const first = !this.begun && this.size === 0;
    this.begun = true;
    if (first || checkpoint.size - this.size >= EVENTS) return this.signSoon();
    if (checkpoint.size === this.size && !this.wantsPin) return;
    this.signLater();
  }

  /** Signs what is not signed yet, and keeps that root forever. */
  async close(): Promise<void> {
    this.closed = true;
    this.wantsPin = true;
    this.signSoon();
    await this.signatures.idle();
    clearTimeout(this.timer);
  }

  /** Returns whether there is a close that is new, or that an earlier run has left without a pinned root. */
  private seesClose({ agreement, size }: Checkpoint): boolean {
    const closes = agreement?.closes ?? [];
    const before = this.closes;
    this.closes = closes.length;
    const last = closes.at(-1);
    if (last === undefined) return false;
    // The close is itself an event, which follows those that it counts.
    const isUncovered = last.size >= this.pinnedSize;
    if (before === undefined) return isUncovered;
    return closes.length > before && (isUncovered || size > this.size);
  }

  private signLater(): void {
    this.timer ??= setTimeout(() => this.signSoon(), INTERVAL_MS).unref();
  }

  private signSoon(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const checkpoint = this.latest;
    if (checkpoint === undefined || checkpoint.size === 0 || !this.signs()) return;
    const pinned = this.wantsPin;
    if (checkpoint.size < this.size || (checkpoint.size === this.size && !pinned)) return;
    this.wantsPin = false;
    // Set at once, so that events that arrive during the signature do not request another one.
    const before = this.size;
    this.size = checkpoint.size;
    this.signatures
      .run(() => this.sign(checkpoint, pinned))
      .catch((error: unknown) => {
        this.size = before;
        this.wantsPin ||= pinned;
        this.tell(error);
        // Otherwise a quiet ledger would stay unsigned until its next event.
        if (!this.closed) this.signLater();
      });
  }

  private async sign({ size }: Checkpoint, pinned: boolean): Promise<void> {
    const note = await this.signer.sign(size);
    await this.archive.keep({ size, note }, pinned);
    if (pinned) this.pinnedSize = Math.max(this.pinnedSize, size);
    this.kept({ size, note }, pinned);
  }

  private tell(error: unknown): void {
    // During a rebuild of the read model, nothing is signed until it has caught up.
    if (error instanceof Problem && error.code === 'not_caught_up') return;
    this.report(error);
  }
}
