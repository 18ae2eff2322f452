import { lstatSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type Database from 'better-sqlite3';
import { SqliteDatabase } from './sqlite';

const LOCK = 'lock';
/** After how long a folder that never got as far as its lock is taken for left over, in milliseconds. */
const UNLOCKED_MS = 60 * 60 * 1_000;

/**
 * Files of this process alone that are to be gone with it: a folder in the system's folder for temporary files, made when
 * it is first needed. However the process ends, the operating system lets go of the folder's lock, so that another process
 * of the same kind can tell that it is left over, and remove it.
 */
export class OwnFolder {
  private made: Promise<Held> | undefined;
  private readonly name: RegExp;

  /** @param kind letters that name what is in it: folders of other kinds are left alone. */
  constructor(private readonly kind: string) {
    this.name = new RegExp(`^minutebook-${kind}-(new-)?[0-9A-Za-z]{6}$`);
  }

  /** Makes a folder in it, which only this user can read. @throws system errors. */
  async folder(): Promise<string> {
    this.made ??= this.make();
    const { path } = await this.made;
    return mkdtemp(join(path, '-'));
  }

  /** Removes what processes left that ended without {@link close}. @returns the folders' names. @throws system errors. */
  async removeLeftOver(): Promise<string[]> {
    const removed: string[] = [];
    for (const name of await readdir(tmpdir())) {
      const found = this.name.exec(name);
      if (found === null) continue;
      const path = join(tmpdir(), name);
      if (!isLeftOver(path, found[1] !== undefined)) continue;
      await rm(path, { recursive: true, force: true });
      removed.push(name);
    }
    return removed;
  }

  async close(): Promise<void> {
    const held = await this.made?.catch(() => undefined);
    this.made = undefined;
    if (held === undefined) return;
    await rm(held.path, { recursive: true, force: true });
    held.lock.close();
  }

  /** It has its name only once it is locked: none that bears the name is without a lock while its process runs. */
  private async make(): Promise<Held> {
    const unlocked = await mkdtemp(join(tmpdir(), `minutebook-${this.kind}-new-`));
    const lock = new SqliteDatabase(join(unlocked, LOCK));
    lock.pragma('journal_mode = MEMORY');
    lock.exec('CREATE TABLE held (one); BEGIN EXCLUSIVE');
    const path = unlocked.replace(/new-(\w+)$/, '$1');
    await rename(unlocked, path);
    return { path, lock };
  }
}

interface Held {
  readonly path: string;
  readonly lock: Database.Database;
}

/** Whether nobody holds a folder of this user. */
function isLeftOver(path: string, isNew: boolean): boolean {
  try {
    const { uid, mtimeMs } = lstatSync(path);
    if (!lstatSync(path).isDirectory() || uid !== process.getuid?.()) return false;
    if (isNew) return Date.now() - mtimeMs > UNLOCKED_MS;
    const lock = new SqliteDatabase(join(path, LOCK), { fileMustExist: true, timeout: 0 });
    try {
      lock.pragma('journal_mode = MEMORY');
      lock.exec('BEGIN EXCLUSIVE');
      return true;
    } finally {
      lock.close();
    }
  } catch {
    // It is locked, or gone meanwhile.
    return false;
  }
}
