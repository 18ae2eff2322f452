import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

import { describeFileError } from '../lib/file-error';

/**
 * Writes a file that appears under its name only when it is complete. Only its owner can read it, because it may hold
 * personal values.
 * @throws Error that says in a sentence why the file can't be written.
 */
export async function writeWhole<T>(
  path: string,
  write: (file: WriteStream) => Promise<T>,
): Promise<T> {
  const partial = `${path}.partial`;
  try {
    const written = await write(createWriteStream(partial, { mode: 0o600 }));
    await rename(partial, path);
    return written;
  } catch (error) {
    await rm(partial, { force: true }).catch(() => undefined);
    const { code, path: failed } = error as NodeJS.ErrnoException;
    if (failed !== partial && code !== 'ENOSPC') throw error;
    const missing = `There is no folder ${dirname(path)} to write ${path} in.`;
    throw new Error(code === 'ENOENT' ? missing : describeFileError(error, path), { cause: error });
  }
}
