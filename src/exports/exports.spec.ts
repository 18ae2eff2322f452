import { pipeline } from 'node:stream/promises';

import { slowReader } from '../../test/support/slow-reader';
import { Exports } from './exports';

const MIB = 1_048_576;

async function* pieces(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(0);
  yield await Promise.resolve(new Uint8Array(MIB).fill(7));
  yield new Uint8Array([8]);
}

describe('an export over HTTP', () => {
  it('goes on while its reader reads, though a piece takes the reader longer than it may idle', async () => {
    const reported: string[] = [];
    const exports = new Exports(
      () => Promise.resolve({ pieces: pieces(), position: 1, close: () => Promise.resolve() }),
      (error) => reported.push(error.message),
      { atOnce: 1, idleMs: 500, totalMs: 10_000 },
    );
    const request = { period: '2026-10', format: 'csv', asOf: undefined } as const;
    const { stream } = await exports.start(request, new AbortController().signal);
    const { read, reader } = slowReader();
    await pipeline(stream, reader);
    expect(read.bytes).toBe(MIB + 1);
    expect(reported).toEqual([]);
  });
});
