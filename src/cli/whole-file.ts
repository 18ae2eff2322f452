import { randomBytes } from 'node:crypto';
import { constants, createWriteStream, fstatSync, type WriteStream } from 'node:fs';
import { access, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';

import { describeFileError } from '../lib/file-error';

/** What a person can do instead if a command can also write to standard output. */
export const OR_STANDARD_OUTPUT = 'Name a file, or leave out --out to write to standard output.';
const STANDARD_OUTPUT = 1;

/**
 * Refuses a name under which {@link writeWhole} could not write a file. So a command says it before it works for minutes.
 * @param instead what to do if something else than a file has that name, as a sentence.
 * @throws Error that says in a sentence why the file can't be written.
 */
export async function checkFileName(path: string, instead = 'Name a file.'): Promise<void> {
  await refuseOther(path, instead);
  await access(dirname(path), constants.W_OK).catch((error: NodeJS.ErrnoException) => {
    throw whyNotWritten(error, path);
  });
}

/**
 * Writes a file that appears under its name only when it is complete and on disk. Only its owner can read it, because
 * it may hold personal values. A process that is killed meanwhile leaves a file that ends in `.partial`.
 * @param write writes the stream to its end.
 * @param instead as for {@link checkFileName}.
 * @throws Error that says in a sentence why the file can't be written.
 */
export async function writeWhole<T>(
  path: string,
  write: (file: WriteStream) => Promise<T>,
  instead = 'Name a file.',
): Promise<T> {
  await checkFileName(path, instead);
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
    throw whyNotWritten(error as NodeJS.ErrnoException, path);
  }
}

function whyNotWritten(cause: NodeJS.ErrnoException, path: string): Error {
  const missing = `There is no folder ${dirname(path)} to write ${path} in.`;
  return new Error(cause.code === 'ENOENT' ? missing : describeFileError(cause, path), { cause });
}

/**
 * Refuses a name that a new file must not take: that of a folder, a device or a pipe, or of standard output, such as
 * `/dev/stdout`. Root could take them all.
 */
async function refuseOther(path: string, instead: string): Promise<void> {
  // What can't be looked at is new, or can't be written either: writing it says why.
  const there = await stat(path).catch(() => undefined);
  if (there === undefined) return;
  if (there.isDirectory()) throw new Error(`${path} is a folder, not a file. Name a file in it.`);
  if (!there.isFile()) {
    throw new Error(`${path} is a device, a pipe or a socket, not a file. ${instead}`);
  }
  const { dev, ino } = fstatSync(STANDARD_OUTPUT);
  if (there.dev === dev && there.ino === ino) {
    throw new Error(`${path} is the standard output of this command. ${instead}`);
  }
}
