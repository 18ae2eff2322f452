import { PassThrough } from 'node:stream';

import { sinkOf } from './sink';

describe('a sink of a bundle', () => {
  it('fails if its stream failed before, such as for a file in a folder that does not exist', async () => {
    const stream = new PassThrough();
    stream.once('error', () => undefined);
    stream.destroy(new Error('There is no such folder.'));
    await new Promise((closed) => stream.once('close', closed));
    await expect(sinkOf(stream)('a line\n')).rejects.toThrow('There is no such folder.');
  });

  it('fails with the reason if its stream fails or is closed while it waits for room', async () => {
    for (const [reason, says] of [
      [new Error('The disk is full.'), 'The disk is full.'],
      [undefined, 'Nobody is reading the bundle any more.'],
    ] as const) {
      const stream = new PassThrough({ highWaterMark: 1 });
      const writing = sinkOf(stream)('a line\n');
      stream.destroy(reason);
      await expect(writing).rejects.toThrow(says);
    }
  });
});
