import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** How many symbolic links may lead from one to the next. Systems have the same limit. */
const MOST_LINKS = 40;

/**
 * Returns an id of a file that does not depend on its name: the same under two names of one file, and different for two
 * files that had the same name. `undefined` if there is no file.
 */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}/${stat.ino}`;
}

/**
 * Returns the name of a file without symbolic links. The file need not exist yet.
 * @throws system errors, such as `ELOOP`.
 */
export function realPathOf(path: string, links = 0): string {
  try {
    return realpathSync(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' || links > MOST_LINKS) throw error;
    const full = resolve(path);
    if (full === dirname(full)) throw error;
    const folder = realPathOf(dirname(full), links + 1);
    const entry = join(folder, basename(full));
    const link = lstatSync(entry, { throwIfNoEntry: false })?.isSymbolicLink() === true;
    return link ? realPathOf(resolve(folder, readlinkSync(entry)), links + 1) : entry;
  }
}

/** Returns whether two paths name the same file, which need not exist yet. */
export function isSameFile(a: string, b: string): boolean {
  try {
    if (realPathOf(a) === realPathOf(b)) return true;
    const identity = identityOf(a);
    return identity !== undefined && identity === identityOf(b);
  } catch {
    // If it cannot be examined, it cannot be opened either: opening it reports why.
    return resolve(a) === resolve(b);
  }
}

/** Returns how many names a file has: more than one if it has hard links. */
export function namesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.nlink ?? 0;
}
