import { lstatSync, readlinkSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** How many symbolic links may lead from one to the next, as the system has it. */
const MOST_LINKS = 40;

/** Tells files apart that have had the same name, and one file that has two; `undefined` if there is none. */
export function identityOf(path: string): string | undefined {
  const stat = statSync(path, { bigint: true, throwIfNoEntry: false });
  return stat && `${stat.dev}/${stat.ino}`;
}

/**
 * The name of a file without symbolic links, whether it is there already or will be made.
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

/** Whether two paths are names of one file, which is there or will be made. */
export function isSameFile(a: string, b: string): boolean {
  try {
    if (realPathOf(a) === realPathOf(b)) return true;
    const identity = identityOf(a);
    return identity !== undefined && identity === identityOf(b);
  } catch {
    // What cannot be looked at cannot be opened either, and whoever opens it says why.
    return resolve(a) === resolve(b);
  }
}

/** How many names a file has: more than one by hard links. */
export function namesOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.nlink ?? 0;
}
