import type { IncomingHttpHeaders } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, inflate } from 'node:zlib';

import { MAX_BATCH_BYTES } from './body';
import { Problem } from './problem';

/** The values that `Content-Encoding` may have, as an answer names them in `Accept-Encoding` (RFC 7694). */
export const TAKEN_ENCODINGS = 'gzip, deflate';

type Unpack = (packed: Uint8Array) => Promise<Unpacked>;

/** The unpacked bytes, and how many of the packed bytes they took. */
interface Unpacked {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

const OPTIONS = { maxOutputLength: MAX_BATCH_BYTES, info: true };
const unpackerOf = (unpack: typeof gunzip): Unpack => {
  const unpacked = promisify<Uint8Array, typeof OPTIONS, unknown>(unpack);
  return (packed) => unpacked(packed, OPTIONS) as Promise<Unpacked>;
};

const UNPACK: Readonly<Record<string, Unpack>> = {
  gzip: unpackerOf(gunzip),
  'x-gzip': unpackerOf(gunzip),
  deflate: unpackerOf(inflate),
};

/**
 * Decompresses a body, off the event loop. Stops at the maximum size of a body, because a few bytes may become very
 * many.
 * @throws Problem `unsupported_media_type`, `body_too_large`, or `invalid_body` if the body is not what its header
 * says.
 */
export async function unpackBody<T extends Uint8Array | undefined>(
  headers: IncomingHttpHeaders,
  body: T,
): Promise<T | Buffer> {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return body;
  const unpack = Object.hasOwn(UNPACK, encoding) ? UNPACK[encoding] : undefined;
  if (unpack === undefined) {
    throw new Problem(
      'unsupported_media_type',
      `Send the body plain, or with one of these as Content-Encoding: ${TAKEN_ENCODINGS}.`,
      { headers: { 'accept-encoding': TAKEN_ENCODINGS } },
    );
  }
  if (body === undefined || body.length === 0) return body;
  try {
    const { buffer, engine } = await unpack(body);
    if (engine.bytesWritten === body.length) return buffer;
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new Problem(
        'body_too_large',
        'A batch has at most 16 MiB, counted before it is compressed. Send smaller batches.',
      );
    }
  }
  throw new Problem('invalid_body', `The body is not whole ${encoding}, as Content-Encoding says.`);
}
