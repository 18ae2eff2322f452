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
});
