import { lstatSync } from 'node:fs';
import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type Database from 'better-sqlite3';
import { SqliteDatabase } from './sqlite';

const LOCK = 'lock';
/** The age at which a folder without a lock counts as left over, in milliseconds. */
const UNLOCKED_MS = 60 * 60 * 1_000;
/**
 * How often removing the folder is tried again if it turns out not to be empty. Each pause is 100 ms longer than the
 * last.
 */
const REMOVALS = 5;

/**
 * A folder for files that must not outlive this process, in the system's folder for temporary files. It is made when
 * first needed. However the process ends, the operating system releases the folder's lock. So another process of the
 * same kind can tell that the folder is left over, and remove it.
 */
export class OwnFolder {
  private made: Promise<Held> | undefined;
  private readonly name: RegExp;

  /** @param kind letters that name the contents. Folders of other kinds are left alone. */
  constructor(private readonly kind: string) {
    this.name = new RegExp(`^minutebook-${kind}-(new-)?[0-9A-Za-z]{6}$`);
  }

  /** Makes a subfolder that only this user can read, and returns its path. @throws system errors. */
  async folder(): Promise<string> {
    const made = this.made ?? this.begin();
    const held = await made;
    try {
      return await mkdtemp(join(held.path, '-'));
    } catch (error) {
      if (!isMissing(error) || this.made === undefined) throw error;
    }
    // The folder is gone: the system removes files that lie idle in its folder for temporary files.
    if (this.made === made) {
      held.lock.close();
      void this.begin();
    }
    const { path } = await this.made;
    return mkdtemp(join(path, '-'));
  }

  /** Removes folders of processes that ended without {@link close}. @returns their names. @throws system errors. */
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

  /** Removes the folder, even if a request that was cut off still adds or removes files in it. */
  async close(): Promise<void> {
    const held = await this.made?.catch(() => undefined);
    this.made = undefined;
    if (held === undefined) return;
    await rm(held.path, { recursive: true, force: true, maxRetries: REMOVALS });
    held.lock.close();
  }

  /** Makes the folder, and keeps it. If that fails, the next use tries again. */
  private begin(): Promise<Held> {
    const made = this.make();
    made.catch(() => {
      if (this.made === made) this.made = undefined;
    });
    return (this.made = made);
  }

  /** Makes the folder. It gets its final name only once it is locked: without a lock, such a folder is left over. */
  private async make(): Promise<Held> {
    const unlocked = await mkdtemp(join(tmpdir(), `minutebook-${this.kind}-new-`));
    const path = unlocked.replace(/new-(\w+)$/, '$1');
    let lock: Database.Database | undefined;
    try {
      lock = new SqliteDatabase(join(unlocked, LOCK));
      lock.pragma('journal_mode = MEMORY');
      lock.exec('CREATE TABLE held (one); BEGIN EXCLUSIVE');
      await rename(unlocked, path);
      return { path, lock };
    } catch (error) {
      lock?.close();
      await rm(unlocked, { recursive: true, force: true });
      throw error;
    }
  }
}

interface Held {
  readonly path: string;
  readonly lock: Database.Database;
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}

/** Whether a folder belongs to this user and no process holds it. */
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
    // It is locked, or has just been removed.
    return false;
  }
}
