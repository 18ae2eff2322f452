import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A signed root as it was kept: the note, and the number of events that it was kept under. */
export interface KeptRoot {
  readonly size: number;
  readonly note: string;
}

/** Where signed roots are kept, outside everything that a rebuild replaces. */
export interface RootArchive {
  /** Keeps a note durably. Pinned ones (of closes and clean stops) are kept for ever; of the others, only the newest are. */
  keep(root: KeptRoot, pinned: boolean): Promise<void>;
  /** The one with the most events; `undefined` while there is none. */
  newest(): Promise<KeptRoot | undefined>;
  /** The sizes of all that are kept, ascending. */
  sizes(): Promise<readonly number[]>;
  at(size: number): Promise<KeptRoot>;
  /**
   * Publishes the keys that check the notes, newest first, for auditors. Keys that were published before stay, after
   * these, so what they signed can be checked for ever.
   */
  publishKeys(verifierKeys: readonly string[]): Promise<void>;
  /** The published keys, newest first; none if nothing was published. */
  publishedKeys(): Promise<readonly string[]>;
  /** Durably keeps the note in which an older key names a newer one. @param keyId the newer key's id. */
  keepHandover(keyId: string, note: string): Promise<void>;
  /** All such notes, in no particular order. */
  handovers(): Promise<readonly string[]>;
  /** Sets a kept root aside as evidence, because the ledger was restored to before it or has become a different one. */
  giveUp(size: number): Promise<void>;
  /** The roots that were set aside, by ascending size. */
  givenUp(): Promise<readonly KeptRoot[]>;
}

/** The keys to publish: `newest` first, then those published before that are not among them. */
export function allPublished(newest: readonly string[], before: readonly string[]): string[] {
  return [...new Set([...newest, ...before])];
}

const SIZE_DIGITS = 16;
const NAME = /^(\d{16})(-pinned)?\.txt$/;
/** How many unpinned roots are kept: those that neither a close nor a clean stop made. */
export const UNPINNED_KEPT = 1_000;
const KEYS_FILE = 'public-keys.txt';
/** The folder of roots that were given up. */
const GIVEN_UP = 'given-up';
const GIVEN_UP_NAME = /^(\d{16})-[0-9a-f]{8}\.txt$/;
const HANDOVER = /^handover-[0-9a-f]{8}\.txt$/;

/** `checkpoints/`: one file per signed root, named by its number of events. */
export class RootFolder implements RootArchive {
  constructor(private readonly path: string) {}

  async keep({ size, note }: KeptRoot, pinned: boolean): Promise<void> {
    const name = `${String(size).padStart(SIZE_DIGITS, '0')}${pinned ? '-pinned' : ''}.txt`;
    await this.write(name, note);
    if (!pinned) await this.prune();
  }

  async newest(): Promise<KeptRoot | undefined> {
    const size = (await this.sizes()).at(-1);
    return size === undefined ? undefined : this.at(size);
  }

  async sizes(): Promise<readonly number[]> {
    const sizes = (await this.names()).map((name) => Number(NAME.exec(name)![1]));
    return [...new Set(sizes)];
  }

  async at(size: number): Promise<KeptRoot> {
    const prefix = String(size).padStart(SIZE_DIGITS, '0');
    const name = (await this.names()).findLast((one) => one.startsWith(prefix));
    if (name === undefined) throw new Error(`No root of ${size} events is kept.`);
    return { size, note: await readFile(join(this.path, name), 'utf8') };
  }

  async publishKeys(verifierKeys: readonly string[]): Promise<void> {
    const all = allPublished(verifierKeys, await this.publishedKeys());
    await this.write(KEYS_FILE, all.map((key) => `${key}\n`).join(''));
  }

  async publishedKeys(): Promise<readonly string[]> {
    const text = await readFile(join(this.path, KEYS_FILE), 'utf8').catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return '';
        throw error;
      },
    );
    return text.split('\n').filter((line) => line !== '');
  }

  keepHandover(keyId: string, note: string): Promise<void> {
    return this.write(`handover-${keyId}.txt`, note);
  }

  async handovers(): Promise<readonly string[]> {
    const names = await this.names(HANDOVER);
    return Promise.all(names.map((name) => readFile(join(this.path, name), 'utf8')));
  }

  async giveUp(size: number): Promise<void> {
    const prefix = String(size).padStart(SIZE_DIGITS, '0');
    const folder = join(this.path, GIVEN_UP);
    await mkdir(folder, { recursive: true, mode: 0o700 });
    for (const name of await this.names()) {
      if (!name.startsWith(prefix)) continue;
      const note = await readFile(join(this.path, name));
      const digest = createHash('sha256').update(note).digest('hex').slice(0, 8);
      await rename(join(this.path, name), join(folder, `${prefix}-${digest}.txt`));
    }
    await syncFolder(folder);
    await syncFolder(this.path);
  }

  async givenUp(): Promise<readonly KeptRoot[]> {
    const folder = join(this.path, GIVEN_UP);
    const names = await this.names(GIVEN_UP_NAME, folder);
    return Promise.all(
      names.map(async (name) => ({
        size: Number(GIVEN_UP_NAME.exec(name)![1]),
        note: await readFile(join(folder, name), 'utf8'),
      })),
    );
  }

  private async names(pattern = NAME, folder = this.path): Promise<string[]> {
    const all = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return [];
      throw error;
    });
    return all.filter((name) => pattern.test(name)).sort();
  }

  private async prune(): Promise<void> {
    const unpinned = (await this.names()).filter((name) => NAME.exec(name)![2] === undefined);
    for (const name of unpinned.slice(0, -UNPINNED_KEPT)) await rm(join(this.path, name));
  }

  /** Writes under another name first, then renames, so a file is whole or not there. */
  private async write(name: string, text: string): Promise<void> {
    await mkdir(this.path, { recursive: true, mode: 0o700 });
    const temporary = join(this.path, `.${name}.${randomUUID()}`);
    try {
      const file = await open(temporary, 'w', 0o644);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, join(this.path, name));
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
    await syncFolder(this.path);
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
