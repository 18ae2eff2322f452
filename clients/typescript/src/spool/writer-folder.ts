import {
  existsSync,
  mkdirSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';

import {
  codeOf,
  FOLDER_MODE,
  namesIn,
  orIfGone,
  remove,
  removeUnfinished,
  syncFolder,
  writeWhole,
} from './files.js';
import { isAbandoned, OWNER_FILE, thisProcess } from './owner.js';

const MAKING = '.making-';
const SEGMENT = /\.facts$/;
const FORGOTTEN_MS = 60_000;

/**
 * The folder of one writer, with its segments and its owner's name. Others take the segments once its process is gone.
 */
export class WriterFolder {
  readonly id = randomBytes(8).toString('hex');
  readonly path: string;
  private made = 0;

  /** @param writers the folder of all writers' folders. */
  constructor(private readonly writers: string) {
    this.path = join(writers, this.id);
    this.make();
  }

  /** Returns a path that no segment has had before. */
  nextPath(): string {
    this.made += 1;
    return join(this.path, `${this.id}-${String(this.made).padStart(8, '0')}.facts`);
  }

  /** Creates the folder, again if others have taken it. The owner file is in it from the first moment. */
  make(): void {
    if (existsSync(join(this.path, OWNER_FILE))) return;
    const making = join(this.writers, `${MAKING}${this.id}`);
    mkdirSync(making, { recursive: true, mode: FOLDER_MODE });
    writeWhole(join(making, OWNER_FILE), JSON.stringify(thisProcess()));
    try {
      renameSync(making, this.path);
    } catch (error) {
      // The folder exists, but without its owner file.
      if (!['ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
      renameSync(join(making, OWNER_FILE), join(this.path, OWNER_FILE));
      rmdirSync(making);
    }
    syncFolder(this.writers);
  }

  /** Shows that this process lives. */
  beat(): void {
    const now = new Date();
    const beaten = orIfGone(() => (utimesSync(join(this.path, OWNER_FILE), now, now), true), false);
    if (!beaten) this.make();
  }

  /**
   * Takes over the segments of writers that are gone. Yields each segment's new path as soon as the segment is moved,
   * so that an error with a later segment does not lose it.
   */
  *adopt(): Generator<string> {
    for (const name of namesIn(this.writers)) {
      const folder = join(this.writers, name);
      if (name === this.id) continue;
      if (name.startsWith(MAKING)) removeForgotten(folder);
      else if (isAbandoned(folder, Date.now())) yield* this.takeFrom(folder);
    }
  }

  /** Leaves the folder: deletes it if empty, else lets others take its segments at once. */
  leave(): void {
    remove(join(this.path, OWNER_FILE));
    removeIfEmpty(this.path);
  }

  private *takeFrom(folder: string): Generator<string> {
    let count = 0;
    for (const name of namesIn(folder).filter((one) => SEGMENT.test(one))) {
      const path = join(this.path, name);
      if (!orIfGone(() => (renameSync(join(folder, name), path), true), false)) continue;
      count += 1;
      yield path;
    }
    if (count > 0) syncFolder(this.path);
    if (namesIn(folder).every((name) => name === OWNER_FILE || !SEGMENT.test(name))) {
      removeUnfinished(folder);
      remove(join(folder, OWNER_FILE));
      removeIfEmpty(folder);
    }
  }
}

/** Removes what is left of a process that died while it created its folder. */
function removeForgotten(folder: string): void {
  const made = orIfGone(() => statSync(folder).mtimeMs, Date.now());
  if (Date.now() - made > FORGOTTEN_MS) rmSync(folder, { recursive: true, force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EEXIST', 'EPERM'].includes(codeOf(error) ?? '')) throw error;
  }
}
