import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Takes a piece of a bundle; resolves when there is room for more. */
export type ByteSink = (piece: string | Uint8Array) => Promise<void>;

/**
 * Writes to a stream, no faster than it is read. If the stream closes early, writing stops.
 * @param onWrite called before each wait.
 */
export function sinkOf(stream: Writable, onWrite: () => void = () => undefined): ByteSink {
  const gone = new AbortController();
  // A file that can't be opened fails before anything is written to it.
  if (stream.destroyed) gone.abort();
  stream.once('close', () => gone.abort());
  stream.once('error', () => gone.abort());
  const why = () => stream.errored ?? new Error('Nobody is reading the bundle any more.');
  return async (piece) => {
    onWrite();
    if (gone.signal.aborted) throw why();
    if (stream.write(piece)) return;
    await once(stream, 'drain', { signal: gone.signal }).catch((error: unknown) => {
      // The wait itself says only that it was aborted.
      throw gone.signal.aborted ? why() : error;
    });
  };
}
