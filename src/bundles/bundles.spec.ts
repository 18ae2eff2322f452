import { pipeline } from 'node:stream/promises';

import { slowReader } from '../../test/support/slow-reader';
import { Bundles } from './bundles';

const MIB = 1_048_576;

describe('a bundle over HTTP', () => {
  it('goes on while its reader reads, though a piece takes the reader longer than it may idle', async () => {
    const reported: string[] = [];
    const bundles = new Bundles(
      async (_request, _signal, sink, told) => {
        told.begun(1);
        for (let pieces = 0; pieces < 2; pieces += 1) await sink(new Uint8Array(MIB));
      },
      (error) => reported.push(error.message),
      { atOnce: 1, idleMs: 500, totalMs: 10_000 },
    );
    const request = { period: null, user_id: null, as_of: null };
    const { stream } = await bundles.start(request, new AbortController().signal);
    const { read, reader } = slowReader();
    await pipeline(stream, reader);
    expect(read.bytes).toBe(2 * MIB);
    expect(reported).toEqual([]);
  });
});
