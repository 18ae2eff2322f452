import { EventEmitter } from 'node:events';

import type { StreamingRead } from '@eventstore/db-client';

import { collect } from './collect';

/** A read that its client cancels. */
class Read extends EventEmitter {
  cancelled = 0;

  cancel(): Promise<void> {
    this.cancelled += 1;
    return Promise.resolve();
  }
}

describe('collecting a read of the client', () => {
  let read: Read;
  beforeEach(() => (read = new Read()));
  const collected = (isEnough?: (item: number) => boolean) =>
    collect(read as unknown as StreamingRead<number>, 1_000, isEnough);

  it('takes everything up to its end', async () => {
    const items = collected();
    for (const item of [1, 2, 3]) read.emit('data', item);
    read.emit('end');
    expect(await items).toEqual([1, 2, 3]);
    expect(read.cancelled).toBe(0);
  });

  it('stops at the item that is enough, whatever still arrives', async () => {
    const reading = collected((item) => item === 2);
    for (const item of [1, 2, 3]) read.emit('data', item);
    const items = await reading;
    read.emit('data', 4);
    read.emit('error', new Error('The read was cancelled.'));
    expect(items).toEqual([1, 2]);
    expect(read.cancelled).toBe(1);
  });
});
