import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';

import { DoesNotFollow } from './problem';
import { splitLines } from './split-lines';

/**
 * Reads the lines of a file, compressed with gzip or not, without their line feeds.
 * @throws DoesNotFollow if the file is not text, has an endless line, or is cut off; system errors if it can't be read.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  // Comes first, so that a file that can't be opened fails this call, and not a stream that nobody listens to yet.
  const packed = await isPacked(path);
  const file = createReadStream(path);
  const unpacked = packed ? file.pipe(createGunzip()) : file;
  file.once('error', (error) => unpacked.destroy(error));
  try {
    yield* splitLines(unpacked as AsyncIterable<Buffer>);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (!code.startsWith('Z_')) throw error;
    throw new DoesNotFollow(`The file can't be unpacked: it was cut off or changed (${code}).`);
  } finally {
    file.destroy();
  }
}

async function isPacked(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
}
