import { setTimeout as sleep } from 'node:timers/promises';

import { OneAtATime } from './one-at-a-time';

describe('work that is done one at a time', () => {
  it('begins each piece when the one before it has ended, in the order of arrival', async () => {
    const line = new OneAtATime();
    const seen: string[] = [];
    const piece = (name: string, ms: number) => async () => {
      seen.push(`${name} begins`);
      await sleep(ms);
      seen.push(`${name} ends`);
      return name;
    };
    const answers = await Promise.all([line.run(piece('first', 20)), line.run(piece('second', 0))]);
    expect(answers).toEqual(['first', 'second']);
    expect(seen).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('rejects for the caller whose piece failed, and goes on with the next piece', async () => {
    const line = new OneAtATime();
    const failing = line.run(() => Promise.reject(new Error('The disk is full.')));
    const next = line.run(() => Promise.resolve('done'));
    await expect(failing).rejects.toThrow('The disk is full.');
    expect(await next).toBe('done');
  });

  it('is idle when every piece has ended, whether it failed or not', async () => {
    const line = new OneAtATime();
    let ended = false;
    line.run(() => Promise.reject(new Error('no'))).catch(() => undefined);
    void line.run(async () => {
      await sleep(10);
      ended = true;
    });
    await line.idle();
    expect(ended).toBe(true);
  });
});
