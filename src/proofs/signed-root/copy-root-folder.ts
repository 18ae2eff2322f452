import { copyFile, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';

import { syncFolder, syncNow } from '../../lib/sync-folder';

/** How often the folder is listed again because a file was removed while it was copied. */
const PASSES = 20;

/**
 * Copies `checkpoints/` while a service may sign. A folder that does not exist has no roots.
 * @returns how many files were copied.
 */
export async function copyRootFolder(from: string, to: string): Promise<number> {
  for (let pass = 0; pass < PASSES; pass += 1) {
    const copied = await copyFiles(from, to);
    if (copied !== undefined) return copied;
  }
  throw new Error(`The signed roots in ${from} change too fast to be copied. Try again.`);
}

/** @returns how many files there are; `undefined` if one was removed or renamed during the copy. */
async function copyFiles(from: string, to: string): Promise<number | undefined> {
  const entries = await readdir(from, { withFileTypes: true }).catch(nothingThere);
  if (entries === undefined) return 0;
  await mkdir(to, { recursive: true, mode: 0o700 });
  let copied = 0;
  for (const entry of entries) {
    // A file that is being written.
    if (entry.name.startsWith('.')) continue;
    const [path, copy] = [join(from, entry.name), join(to, entry.name)];
    const files = entry.isDirectory() ? await copyFiles(path, copy) : await copyOne(path, copy);
    if (files === undefined) return undefined;
    copied += files;
  }
  await syncFolder(to);
  return copied;
}

async function copyOne(path: string, copy: string): Promise<1 | undefined> {
  const isThere = await copyFile(path, copy).then(() => true, nothingThere);
  if (isThere === undefined) return undefined;
  syncNow(copy);
  return 1;
}

function nothingThere(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}
