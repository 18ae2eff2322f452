import { existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { syncNow } from '../../lib/sync-folder';

/**
 * How one file takes the place of another, even if a crash interrupts that. The new file is first declared ready, under
 * a name of its own. From then on it counts: whoever next opens the path completes the replacement. SQLite keeps the
 * newest rows of a file in a log beside it, and finds the log by its name. So the old file's log is removed before the
 * new file gets its name.
 */

/** The suffixes of the files that are beside a file while it is open, or that stay if it was not closed. */
const COMPANIONS = ['-wal', '-shm'];

/** Returns the path at which the next file is filled. */
export function nextOf(path: string): string {
  return `${path}.next`;
}

function readyOf(path: string): string {
  return `${path}.ready`;
}

/**
 * Declares that the next file, which is complete and closed, is to take the place.
 * @throws system errors; then nothing has changed.
 */
export function declareReady(path: string): void {
  const next = nextOf(path);
  if (existsSync(`${next}-wal`) && statSync(`${next}-wal`).size > 0) {
    throw new Error(`Another program has ${next} open: stop it.`);
  }
  syncNow(next);
  renameSync(next, readyOf(path));
  syncNow(dirname(path));
}

/** Completes what {@link declareReady} began, if anything. Connections to the old file stay with the old file. */
export function takePlace(path: string): void {
  if (!isBeingReplaced(path)) return;
  removeCompanions(path);
  // The old log must be gone from the disk before the new file is there. Otherwise it would be taken for the new file's
  // log.
  syncNow(dirname(path));
  renameSync(readyOf(path), path);
  syncNow(dirname(path));
}

/** Returns whether a file is ready to take the place and has not done so yet. */
export function isBeingReplaced(path: string): boolean {
  return existsSync(readyOf(path));
}

/** Removes a file that nobody has open, with the files beside it. */
export function removeFile(path: string): void {
  removeCompanions(path);
  rmSync(path, { force: true });
}

function removeCompanions(path: string): void {
  for (const suffix of COMPANIONS) rmSync(path + suffix, { force: true });
}
