import { Writable } from 'node:stream';

/** Takes a thousand bytes a millisecond, as a slow connection does: a piece of 1 MiB takes it a second. */
export function slowReader() {
  const read = { bytes: 0 };
  const reader = new Writable({
    write: (chunk: Buffer, _, done) => {
      read.bytes += chunk.length;
      setTimeout(done, chunk.length / 1_000);
    },
  });
  return { read, reader };
}
