import { once } from 'node:events';
import type { Writable } from 'node:stream';

import type { Sink } from './write-bundle';

/**
 * Writes to a stream, no faster than it is read. Where the stream ends too early, so does the writing.
 * @param onWrite called before each wait.
 */
export function sinkOf(stream: Writable, onWrite: () => void = () => undefined): Sink {
  const gone = new AbortController();
  stream.once('close', () => gone.abort());
  stream.once('error', () => gone.abort());
  return async (text) => {
    onWrite();
    if (gone.signal.aborted) throw stream.errored ?? new Error('Nobody reads the bundle any more.');
    if (!stream.write(text)) await once(stream, 'drain', { signal: gone.signal });
  };
}
