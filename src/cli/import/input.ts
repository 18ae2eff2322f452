import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

import { describeFileError } from '../../lib/file-error';

/** Returns the size of a file in bytes. @throws Error that says what is wrong with the file. */
export async function sizeOf(file: string): Promise<number> {
  const found = await stat(file).catch((error: unknown) => {
    throw new Error(describeFileError(error, file), { cause: error });
  });
  if (found.isDirectory()) throw new Error(`${file} is a folder, not a file.`);
  return found.size;
}

/** Reads the bytes of a file; `undefined` = standard input. @throws Error that says what is wrong with the file. */
export async function* inputOf(file: string | undefined): AsyncGenerator<Buffer> {
  if (file === undefined && process.stdin.isTTY) {
    console.error('Reading events from the keyboard, one a line; Ctrl-D ends.');
  }
  const input = file === undefined ? process.stdin : createReadStream(file);
  try {
    yield* input as AsyncIterable<Buffer>;
  } catch (error) {
    throw new Error(describeFileError(error, file ?? 'standard input'), { cause: error });
  }
}
