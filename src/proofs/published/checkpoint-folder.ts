import { join } from 'node:path';

import { writeDurably } from '../../lib/durable-file';
import { OneAtATime } from '../../lib/one-at-a-time';
import type { LedgerSigner } from '../signed-root/ledger-signer';
import { RootFolder, type KeptRoot, type RootArchive } from '../signed-root/root-archive';
import { counted } from '../../lib/counted';

/** The file that always holds the newest root. */
const NEWEST = 'checkpoint';
/** How many missing roots are added at a time, newest first: a new folder may lack those of many years. */
const ADDED = 1_000;

/**
 * A folder of signed roots for others to read: a web server, or a job that copies it elsewhere. It is laid out like
 * `checkpoints/`, with the newest root in `checkpoint`. A root that can't be written is reported and skipped. The next
 * root is written all the same, and a pinned one is added later.
 */
export class CheckpointFolder {
  private readonly folder: RootFolder;
  private newest = 0;
  private readonly writes = new OneAtATime();
  private readonly additions = new OneAtATime();
  private closed = false;

  /** @param archive where the roots are stored before they are published. */
  constructor(
    private readonly path: string,
    private readonly signer: Pick<LedgerSigner, 'verifierKeys' | 'handovers'>,
    private readonly archive: Pick<RootArchive, 'newest' | 'pinned' | 'at'>,
    private readonly warn: (message: string) => void,
  ) {
    this.folder = new RootFolder(path, true);
  }

  /** Publishes a root, or one that has gained cosignatures. Does not wait for the disk. */
  publish(root: KeptRoot, pinned: boolean): void {
    this.writes
      .run(() => this.write(root, pinned))
      .catch((error: NodeJS.ErrnoException) =>
        this.warn(
          `The root of ${counted(root.size, 'event')} could not be written to CHECKPOINT_FOLDER (${error.code ?? error.message}). The service tries again with the next root.`,
        ),
      );
  }

  /**
   * Publishes the newest root, and pinned ones that the folder lacks because whoever stored them was killed, or could
   * not write to the folder. Does not wait for the disk, and holds up no other root.
   */
  addMissing(): void {
    this.additions
      .run(() => this.add())
      .catch((error: NodeJS.ErrnoException) =>
        this.warn(
          `Signed roots that CHECKPOINT_FOLDER lacks could not be added (${error.code ?? error.message}). The service tries again when a month is closed, and at its next start.`,
        ),
      );
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.additions.idle();
    await this.writes.idle();
  }

  private async add(): Promise<void> {
    if (this.closed) return;
    const newest = await this.archive.newest();
    if (newest !== undefined) await this.writes.run(() => this.write(newest, false));
    const there = new Set(await this.folder.pinned());
    const missing = (await this.archive.pinned()).filter((size) => !there.has(size));
    for (const size of missing.slice(-ADDED).reverse()) {
      if (this.closed) return;
      const root = await this.archive.at(size);
      await this.writes.run(() => this.folder.keep(root, true));
    }
  }

  private async write(root: KeptRoot, pinned: boolean): Promise<void> {
    await this.folder.publishKeys(this.signer.verifierKeys);
    for (const note of this.signer.handovers) {
      const id = /\nnew-key [^+\n]+\+([0-9a-f]{8})\+/.exec(note)?.[1];
      if (id !== undefined) await this.folder.keepHandover(id, note);
    }
    await this.folder.keep(root, pinned);
    if (root.size < this.newest) return;
    this.newest = root.size;
    const { note } = await this.folder.at(root.size);
    await writeDurably(join(this.path, NEWEST), note, { isPublic: true });
  }
}
