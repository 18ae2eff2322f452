import { createHash } from 'node:crypto';
import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import type { GivenUpRoot } from '../../domain/ledger';
import { writeDurably } from '../../lib/durable-file';
import { OneAtATime } from '../../lib/one-at-a-time';
import { syncFolder } from '../../lib/sync-folder';
import { withSignaturesOf } from './signed-note';
import { counted } from '../../lib/counted';

/** A signed root as stored: the note, and the number of events that it is filed under. */
export interface KeptRoot {
  readonly size: number;
  readonly note: string;
}

/** Where signed roots are stored, outside everything that a rebuild replaces. */
export interface RootArchive {
  /** Stores a note durably. Pinned notes (of closes and clean stops) stay forever; of the others, only the newest. */
  keep(root: KeptRoot, pinned: boolean): Promise<void>;
  /** Returns the root with the most events; `undefined` if there is none. */
  newest(): Promise<KeptRoot | undefined>;
  /** Returns the sizes of all stored roots, ascending. */
  sizes(): Promise<readonly number[]>;
  /** Returns the sizes of the pinned ones, ascending. */
  pinned(): Promise<readonly number[]>;
  at(size: number): Promise<KeptRoot>;
  /**
   * Returns all stored roots, ascending, while a service may sign: an unpinned root that is removed meanwhile may be
   * left out, a pinned one never.
   */
  all(): AsyncIterable<KeptRoot>;
  /**
   * Stores a witness's cosignature with a root. It survives when the root is stored again.
   * @param line the line of the note, without its line feed.
   * @param keyId the witness's key id, by which the newest root that it cosigned is found.
   * @returns the note with all its cosignatures.
   */
  cosign(root: KeptRoot, line: string, keyId: string): Promise<string>;
  /** Returns the newest root that each witness cosigned, each root once. */
  cosigned(): Promise<readonly KeptRoot[]>;
  /**
   * Publishes the keys that check the notes, newest first, for auditors. Keys published before stay after these, so
   * what they signed can be checked forever.
   */
  publishKeys(verifierKeys: readonly string[]): Promise<void>;
  /** Returns the published keys, newest first; none if nothing was published. */
  publishedKeys(): Promise<readonly string[]>;
  /** Durably stores the note in which an older key names a newer one. @param keyId the newer key's id. */
  keepHandover(keyId: string, note: string): Promise<void>;
  /** Returns all such notes, in no particular order. */
  handovers(): Promise<readonly string[]>;
  /**
   * Sets a root aside as evidence, wherever it is stored, because the ledger was restored to an earlier state or has
   * become a different one. Does nothing if it is not stored, and does not touch another root of the same size.
   */
  giveUp(root: GivenUpRoot): Promise<void>;
  /** Returns the roots that were set aside, by ascending size. */
  givenUp(): Promise<readonly KeptRoot[]>;
}

/** Returns the keys to publish: `newest` first, then the keys of `before` that are not among them. */
export function allPublished(newest: readonly string[], before: readonly string[]): string[] {
  return [...new Set([...newest, ...before])];
}

/**
 * Returns the roots of notes, each once: two roots of one size are two histories, and both count. If a root has several
 * copies, the one with the most cosignatures counts.
 */
export function newestCosigned(notes: readonly string[]): KeptRoot[] {
  const byRoot = new Map<string, string>();
  for (const note of notes) {
    const root = `${sizeIn(note)} ${rootIn(note)}`;
    if (note.length > (byRoot.get(root)?.length ?? 0)) byRoot.set(root, note);
  }
  return [...byRoot.values()]
    .map((note) => ({ size: sizeIn(note), note }))
    .sort((a, b) => a.size - b.size);
}

function sizeIn(note: string): number {
  return Number(note.split('\n', 2)[1]);
}

/** Returns the root in a note, in lower-case hex. */
function rootIn(note: string): string {
  return Buffer.from(note.split('\n', 3)[2] ?? '', 'base64').toString('hex');
}

const SIZE_DIGITS = 16;
const prefixOf = (size: number) => String(size).padStart(SIZE_DIGITS, '0');
const NAME = /^(\d{16})(-pinned)?\.txt$/;
/** How many unpinned roots are kept: those made neither at a close nor at a clean stop. */
export const UNPINNED_KEPT = 1_000;
const KEYS_FILE = 'public-keys.txt';
/** The folder of roots that were given up. */
const GIVEN_UP = 'given-up';
const GIVEN_UP_NAME = /^(\d{16})-[0-9a-f]{8}\.txt$/;
/** The newest root that a witness cosigned. */
const COSIGNED = /^cosigned-([0-9a-f]{8})\.txt$/;
const HANDOVER = /^handover-[0-9a-f]{8}\.txt$/;

/** Returns a file's text; `undefined` if there is no such file. */
function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}

/** `checkpoints/`: one file per signed root, named after its number of events. */
export class RootFolder implements RootArchive {
  /** Two witnesses may answer at once, and each adds to what is stored. */
  private readonly changes = new OneAtATime();

  /** @param isPublic whether every user of the machine may read it, whatever the umask. */
  constructor(
    private readonly path: string,
    private readonly isPublic = false,
  ) {}

  keep({ size, note }: KeptRoot, pinned: boolean): Promise<void> {
    return this.changes.run(async () => {
      const before = await this.namesOf(size);
      const isPinned = pinned || before.some((one) => NAME.exec(one)![2] !== undefined);
      const name = `${prefixOf(size)}${isPinned ? '-pinned' : ''}.txt`;
      await this.write(name, withSignaturesOf(note, (await this.known(size))?.note));
      for (const other of before) if (other !== name) await rm(join(this.path, other));
      if (!pinned) await this.prune();
    });
  }

  cosign({ size, note }: KeptRoot, line: string, keyId: string): Promise<string> {
    return this.changes.run(async () => {
      const all = withSignaturesOf(`${note}${line}\n`, (await this.known(size))?.note);
      for (const name of await this.namesOf(size)) await this.write(name, all);
      const newest = `cosigned-${keyId}.txt`;
      if ((await this.sizeOf(newest)) <= size) await this.write(newest, all);
      return all;
    });
  }

  async cosigned(): Promise<readonly KeptRoot[]> {
    const names = await this.names(COSIGNED);
    const notes = await Promise.all(names.map((name) => readFile(join(this.path, name), 'utf8')));
    return newestCosigned(notes);
  }

  /** Returns the newest root that each witness cosigned, with the witness's key id. */
  async cosignedBy(): Promise<(readonly [keyId: string, root: KeptRoot])[]> {
    const names = await this.names(COSIGNED);
    return Promise.all(
      names.map(async (name) => {
        const note = await readFile(join(this.path, name), 'utf8');
        return [COSIGNED.exec(name)![1]!, { size: sizeIn(note), note }] as const;
      }),
    );
  }

  async newest(): Promise<KeptRoot | undefined> {
    const size = (await this.sizes()).at(-1);
    return size === undefined ? undefined : this.at(size);
  }

  async sizes(): Promise<readonly number[]> {
    const sizes = (await this.names()).map((name) => Number(NAME.exec(name)![1]));
    return [...new Set(sizes)];
  }

  async pinned(): Promise<readonly number[]> {
    return (await this.names()).flatMap((name) => {
      const [, size, pin] = NAME.exec(name)!;
      return pin === undefined ? [] : [Number(size)];
    });
  }

  async at(size: number): Promise<KeptRoot> {
    const root = await this.known(size);
    if (root === undefined) throw new Error(`No root of ${counted(size, 'event')} is kept.`);
    return root;
  }

  async *all(): AsyncGenerator<KeptRoot> {
    let last: number | undefined;
    for (const name of await this.names()) {
      const size = Number(NAME.exec(name)![1]);
      if (size === last) continue;
      last = size;
      const root = await this.read(name, size);
      if (root !== undefined) yield root;
    }
  }

  async publishKeys(verifierKeys: readonly string[]): Promise<void> {
    const all = allPublished(verifierKeys, await this.publishedKeys());
    await this.write(KEYS_FILE, all.map((key) => `${key}\n`).join(''));
  }

  async publishedKeys(): Promise<readonly string[]> {
    const text = (await textOf(join(this.path, KEYS_FILE))) ?? '';
    return text.split('\n').filter((line) => line !== '');
  }

  keepHandover(keyId: string, note: string): Promise<void> {
    return this.write(`handover-${keyId}.txt`, note);
  }

  async handovers(): Promise<readonly string[]> {
    const names = await this.names(HANDOVER);
    return Promise.all(names.map((name) => readFile(join(this.path, name), 'utf8')));
  }

  async giveUp({ size, root }: GivenUpRoot): Promise<void> {
    const copies = new Map<string, string>();
    // The kept root goes last: while it is there, nothing is signed, so an interrupted run must be finished first.
    for (const name of [...(await this.names(COSIGNED)), ...(await this.namesOf(size))]) {
      const note = await readFile(join(this.path, name), 'utf8');
      if (sizeIn(note) === size && rootIn(note) === root) copies.set(name, note);
    }
    const [whole] = newestCosigned([...copies.values()]);
    if (whole === undefined) return;
    const digest = createHash('sha256').update(whole.note).digest('hex').slice(0, 8);
    const folder = join(this.path, GIVEN_UP);
    await this.write(`${prefixOf(size)}-${digest}.txt`, whole.note, folder);
    for (const name of copies.keys()) await rm(join(this.path, name));
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

  private async known(size: number): Promise<KeptRoot | undefined> {
    // The pinned one sorts first. An unpinned one beside it is older, and should have been removed.
    const [name] = await this.namesOf(size);
    return name === undefined ? undefined : this.read(name, size);
  }

  /** Returns a root whose file was there a moment ago; `undefined` if it was unpinned and is removed. */
  private async read(name: string, size: number): Promise<KeptRoot | undefined> {
    const pinned = `${prefixOf(size)}-pinned.txt`;
    const text = await textOf(join(this.path, name));
    // A root that is pinned meanwhile gets another file name. That file exists before the first one is removed.
    const note = text ?? (await textOf(join(this.path, pinned)));
    if (note !== undefined) return { size, note };
    if (name !== pinned) return undefined;
    throw new Error(
      `The root of ${counted(size, 'event')} was removed from ${this.path} in the meantime. If accept-restore is running, run this again when it has ended.`,
    );
  }

  /** Returns the size of a note in the folder; 0 if there is no such note. */
  private async sizeOf(name: string): Promise<number> {
    if (!(await this.names(COSIGNED)).includes(name)) return 0;
    return sizeIn(await readFile(join(this.path, name), 'utf8'));
  }

  private async namesOf(size: number): Promise<string[]> {
    return (await this.names()).filter((name) => name.startsWith(prefixOf(size)));
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

  private async write(name: string, text: string, folder = this.path): Promise<void> {
    const mode = this.isPublic ? 0o755 : 0o700;
    const made = await mkdir(folder, { recursive: true, mode });
    if (this.isPublic && made !== undefined) await chmod(folder, mode).catch(() => undefined);
    await writeDurably(join(folder, name), text, { isPublic: this.isPublic });
  }
}
