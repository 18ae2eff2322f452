import { randomBytes } from 'node:crypto';
import { createWriteStream, type WriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

import { describeFileError } from '../lib/file-error';

/**
 * Writes a file that appears under its name only when it is complete and on disk. Only its owner can read it, because
 * it may hold personal values. A process that is killed meanwhile leaves a file that ends in `.partial`.
 * @param write writes the stream to its end.
 * @throws Error that says in a sentence why the file can't be written.
 */
export async function writeWhole<T>(
  path: string,
  write: (file: WriteStream) => Promise<T>,
): Promise<T> {
  // A name of its own, because others may write the same file. It must not exist: in a shared folder, anybody could
  // have made it readable to all, or a link.
  const partial = `${path}.${randomBytes(8).toString('hex')}.partial`;
  const file = createWriteStream(partial, { flags: 'wx', mode: 0o600, flush: true });
  const closed = finished(file);
  closed.catch(() => undefined);
  try {
    const written = await write(file);
    // It is synced before it is closed.
    await closed;
    await rename(partial, path);
    return written;
  } catch (error) {
    file.destroy();
    await closed.catch(() => undefined);
    await rm(partial, { force: true }).catch(() => undefined);
    const { code, path: failed } = error as NodeJS.ErrnoException;
    if (failed !== partial && code !== 'ENOSPC') throw error;
    const missing = `There is no folder ${dirname(path)} to write ${path} in.`;
    throw new Error(code === 'ENOENT' ? missing : describeFileError(error, path), { cause: error });
  }
}
