import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * How one file takes the place of another, whatever happens meanwhile. The new one is first declared ready, under a name of
 * its own: from then on it counts, and whoever opens the place ends what was begun. SQLite keeps the newest rows of a
 * file in a log beside it, by name; so the old one's is removed before the new file has its name.
 */

/** What lies beside a file while it is open, or was not closed. */
const COMPANIONS = ['-wal', '-shm'];

/** Where the next one is filled. */
export function nextOf(path: string): string {
  return `${path}.next`;
}

function readyOf(path: string): string {
  return `${path}.ready`;
}

/** The next one, which is whole and closed, is to take the place. @throws system errors; nothing has changed then. */
export function declareReady(path: string): void {
  const next = nextOf(path);
  if (existsSync(`${next}-wal`) && statSync(`${next}-wal`).size > 0) {
    throw new Error(`Another program has ${next} open: close that one.`);
  }
  sync(next);
  renameSync(next, readyOf(path));
  sync(dirname(path));
}

/** Ends what {@link declareReady} began, if anything. Connections to the old file stay with the old file. */
export function takePlace(path: string): void {
  if (!isBeingReplaced(path)) return;
  removeCompanions(path);
  // On the disk, too, the old log is gone before the new file is there: it would be taken for the new file's.
  sync(dirname(path));
  renameSync(readyOf(path), path);
  sync(dirname(path));
}

/** Whether a file is ready to take the place, and has not yet. */
export function isBeingReplaced(path: string): boolean {
  return existsSync(readyOf(path));
}

/** Removes a file that nobody has open, with what lies beside it. */
export function removeFile(path: string): void {
  removeCompanions(path);
  rmSync(path, { force: true });
}

function removeCompanions(path: string): void {
  for (const suffix of COMPANIONS) rmSync(path + suffix, { force: true });
}

/** Makes sure that the names in a folder are on the disk. */
function sync(path: string): void {
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
