import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let folder;
let before;

/**
 * Makes a folder for the temporary files of this run, and names it in the environment, which the test processes
 * inherit: what a test or a killed process leaves behind goes with the folder.
 */
export async function makeFolder() {
  before = process.env.TMPDIR;
  folder = await mkdtemp(join(tmpdir(), 'minutebook-tests-'));
  // PostgreSQL runs as another user, and its files are here, too.
  await chmod(folder, 0o755);
  process.env.TMPDIR = folder;
}

/** Removes the folder that {@link makeFolder} made. */
export async function removeFolder() {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
}
