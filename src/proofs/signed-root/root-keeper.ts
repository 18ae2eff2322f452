import { rootAt } from '../../domain/merkle-proofs';
import { MerkleEdge } from '../../domain/merkle';
import type { Checkpoint } from '../../read-model/rows';
import { tilesOf } from '../tiles';
import type { ReadModel } from '../../read-model/queries';
import type { LedgerSigner } from './ledger-signer';
import type { RootArchive } from './root-archive';

/** How many events, and how many milliseconds, may go by before the next root is signed. */
const EVENTS = 10_000;
const INTERVAL_MS = 60_000;

/**
 * Signs and keeps the ledger's root: of its first events at once, then at every close, at a clean stop, and while events
 * come every minute or 10,000 events. It signs nothing that does not continue what it signed before: then the events were
 * tampered with, and it says so until somebody has looked.
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
  private fault: string | undefined;
  /** Once it is known that the ledger continues what was signed before the service started. */
  private checked = false;

  /**
   * @param report is told of each failure; the keeper itself goes on.
   * @param signs whether it is this instance that signs, of several that see the projection move.
   */
  constructor(
    private readonly signer: LedgerSigner,
    private readonly archive: RootArchive,
    private readonly readModel: ReadModel,
    private readonly report: (error: unknown) => void,
    private readonly signs: () => boolean = () => true,
  ) {}

  /** Why nothing is signed any more, as a sentence; `undefined` while all is well. */
  get trouble(): string | undefined {
    return this.fault;
  }

  /** To be called before anything is signed. */
  async start(): Promise<void> {
    this.signedSize = (await this.archive.newest())?.size ?? 0;
  }

  /** To be called once the projection has all that the ledger held at the start: looks whether something is missing. */
  caughtUp(): void {
    this.working = this.working
      .then(() => this.checkOnce())
      .catch((error: unknown) => this.report(error));
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
        this.report(error);
      });
  }

  private async sign({ size, edge }: Checkpoint, pinned: boolean): Promise<void> {
    await this.checkOnce();
    // A key that was made meanwhile signs from this root on.
    await this.signer.refresh(Date.now());
    const note = this.signer.sign(size, MerkleEdge.of(size, edge).root());
    await this.archive.keep({ size, note }, pinned);
  }

  private async checkOnce(): Promise<void> {
    if (!this.checked) this.fault = await this.findFault();
    this.checked = true;
    if (this.fault !== undefined) throw new Error(this.fault);
  }

  /** Whether the ledger continues the newest root that was kept when the service started. */
  private async findFault(): Promise<string | undefined> {
    const kept = await this.archive.newest();
    if (kept === undefined) return undefined;
    const checked = this.signer.check(kept.note);
    const lookAt = 'Nothing more is signed. Run `minutebook verify`, which names the place.';
    if ('fault' in checked) {
      return `The newest signed root, of ${kept.size} events, can't be believed: ${checked.fault} ${lookAt}`;
    }
    const { size, root } = await this.readModel.read(async (rows) => {
      // Asked after the archive was: another instance may have gone on and signed meanwhile.
      const size = (await rows.standing())?.size ?? 0;
      const root = size < kept.size ? undefined : await rootAt(kept.size, tilesOf(rows));
      return { size, root };
    });
    if (root === undefined) {
      return `A root of ${kept.size} events was signed, and the ledger has only ${size}. ${lookAt}`;
    }
    if (root.toString('hex') === checked.signed.root) return undefined;
    return `The first ${kept.size} events of the ledger are not those whose root was signed. ${lookAt}`;
  }
}
