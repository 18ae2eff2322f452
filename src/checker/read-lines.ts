import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';

import { DoesNotFollow } from './problem';

/** The longest line that is read. Events are well below it. */
const MOST_BYTES = 8 * 1024 * 1024;
const LINE_FEED = 10;

/**
 * The lines of a file, compressed with gzip or not, without their line feeds.
 * @throws DoesNotFollow if it is no text, has an endless line, or is cut off; system errors if it can't be read.
 */
export async function* readLines(path: string): AsyncGenerator<string> {
  // First of all: a file that can't be opened is an error of this call, not of a stream that nobody listens to yet.
  const packed = await isPacked(path);
  const file = createReadStream(path);
  const unpacked = packed ? file.pipe(createGunzip()) : file;
  file.once('error', (error) => unpacked.destroy(error));
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    for await (const line of splitLines(unpacked)) yield decode(decoder, line);
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

async function* splitLines(input: Readable): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      begun.push(chunk.subarray(start, end));
      yield Buffer.concat(begun);
      begun = [];
      bytes = 0;
      start = end + 1;
    }
    begun.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > MOST_BYTES) throw new DoesNotFollow(`A line is longer than ${MOST_BYTES} bytes.`);
  }
  if (bytes > 0) throw new DoesNotFollow('The file was cut off in the middle of a line.');
}

function decode(decoder: TextDecoder, line: Buffer): string {
  try {
    return decoder.decode(line);
  } catch {
    throw new DoesNotFollow('A line is not UTF-8.');
  }
}
