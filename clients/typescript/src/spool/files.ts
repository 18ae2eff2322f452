import {
  closeSync,
  fdatasync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Only the owner may read and write: facts may contain personal values. */
export const FILE_MODE = 0o600;
export const FOLDER_MODE = 0o700;

const GONE = new Set(['ENOENT', 'ENOTDIR']);

/** Makes a file's content durable. */
export const sync: (descriptor: number) => Promise<void> = promisify(fdatasync);

/** Makes the names in a folder durable. Windows has no such call. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/** Does the same as {@link syncFolder}, asynchronously. Ignores a folder that is gone. */
export async function syncFolderSoon(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch (error) {
    if (!GONE.has(codeOf(error) ?? '')) throw error;
  }
}

/** Writes all bytes, however many writes that takes. */
export function writeAll(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at, bytes.length - at);
}

/** The ending of the name of a file that is still being written. */
const MAKING = '.making';

/** Writes a file so that it exists whole and durable, or not at all. */
export function writeWhole(path: string, content: string | Uint8Array): void {
  const making = `${path}.${process.pid}${MAKING}`;
  try {
    const descriptor = openSync(making, 'w', FILE_MODE);
    try {
      writeAll(descriptor, Buffer.from(content));
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    renameSync(making, path);
  } catch (error) {
    remove(making);
    throw error;
  }
  syncFolder(join(path, '..'));
}

/** Removes what {@link writeWhole} left in a folder when its process died. */
export function removeUnfinished(folder: string): void {
  for (const name of namesIn(folder)) if (name.endsWith(MAKING)) remove(join(folder, name));
}

/** Lists a folder; empty if it does not exist. */
export function namesIn(folder: string): string[] {
  return orIfGone(() => readdirSync(folder), []);
}

/** Returns a file's size in bytes; 0 if it is gone. */
export function sizeOf(path: string): number {
  return orIfGone(() => statSync(path).size, 0);
}

/** Deletes a file, or does nothing if it is gone. */
export function remove(path: string): void {
  orIfGone(() => unlinkSync(path), undefined);
}

/**
 * Returns the result of work, or `otherwise` if the file or folder is gone: other processes may take it at any moment.
 */
export function orIfGone<T, U>(work: () => T, otherwise: U): T | U {
  try {
    return work();
  } catch (error) {
    if (GONE.has(codeOf(error) ?? '')) return otherwise;
    throw error;
  }
}

export function codeOf(error: unknown): string | undefined {
  return (error as NodeJS.ErrnoException | null)?.code;
}
