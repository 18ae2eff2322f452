import { setTimeout as sleep } from 'node:timers/promises';

import { NoAnswerError } from './failures';
import { within } from './within';

describe('waiting for an answer', () => {
  it('passes on what arrives in time: a value, or an error', async () => {
    await expect(within(1_000, Promise.resolve(1))).resolves.toBe(1);
    await expect(within(1_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
  });

  it('gives up when the time is over, whatever arrives later', async () => {
    const began = performance.now();
    await expect(within(100, sleep(400, 'late'))).rejects.toBeInstanceOf(NoAnswerError);
    expect(performance.now() - began).toBeLessThan(390);
    await expect(
      within(
        10,
        sleep(100).then(() => Promise.reject(new Error('late'))),
      ),
    ).rejects.toBeInstanceOf(NoAnswerError);
    await sleep(150);
  });

  it('gives each of several waits its own time', async () => {
    const settled = await Promise.allSettled([
      within(2_000, sleep(300, 'long')),
      within(60, sleep(300, 'short')),
      within(2_000, Promise.resolve('at once')),
    ]);
    expect(settled.map((one) => one.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });
});
