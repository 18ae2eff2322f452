import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { OneAtATime } from '../../lib/one-at-a-time';
import type { LedgerSigner } from '../signed-root/ledger-signer';
import { RootFolder, showToAll, type KeptRoot } from '../signed-root/root-archive';
import { counted } from '../../lib/counted';

/** The file that always holds the newest root. */
const NEWEST = 'checkpoint';

/**
 * A folder of signed roots for others to read: a web server, or a job that copies it elsewhere. It is laid out like
 * `checkpoints/`, with the newest root in `checkpoint`. A root that can't be written is reported and skipped. The next
 * root is written all the same.
 */
export class CheckpointFolder {
  private readonly folder: RootFolder;
  private newest = 0;
  private readonly writes = new OneAtATime();

  constructor(
    private readonly path: string,
    private readonly signer: Pick<LedgerSigner, 'verifierKeys' | 'handovers'>,
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

  close(): Promise<void> {
    return this.writes.idle();
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
    const temporary = join(this.path, `.${NEWEST}.${randomUUID()}`);
    try {
      const file = await open(temporary, 'w', 0o644);
      await showToAll(file);
      await file.writeFile(note).finally(() => file.close());
      await rename(temporary, join(this.path, NEWEST));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
