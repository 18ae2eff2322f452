import { PassThrough } from 'node:stream';

import { Progress, withBar, type Terminal, type Unit } from './progress';

function terminal(isTTY: boolean): { stream: Terminal; said: () => string } {
  const pieces: string[] = [];
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 200 });
  stream.on('data', (chunk: Buffer) => pieces.push(chunk.toString()));
  return { stream, said: () => pieces.join('') };
}

function drawn(unit: Unit, value: number, total: number, isTTY = true): string {
  const { stream, said } = terminal(isTTY);
  const bar = new Progress('importing', unit, total, stream);
  bar.to(value, 1_500_000);
  bar.note('a note');
  bar.stop();
  return said();
}

const timers = () => process.getActiveResourcesInfo().filter((one) => one === 'Timeout').length;

describe('progress', () => {
  it('says what it counts', () => {
    expect(drawn('events', 1_000, 4_000)).toContain(
      '25% | 1,000 of 4,000 events | 1,500,000 events/s',
    );
    expect(drawn('bytes', 1_000_000, 4_000_000)).toContain('25% | 1.0 of 4.0 MB | 1.5 MB/s');
  });

  it('shows a note after the bar', () => {
    expect(drawn('events', 1, 2)).toContain(' | a note');
  });

  it('draws nothing into a pipe', () => {
    expect(drawn('events', 1_000, 4_000, false)).toBe('');
  });

  it('leaves no timer behind when the work fails, which would keep the process alive', async () => {
    const { stream, said } = terminal(true);
    const before = timers();
    const work = () => Promise.reject(new Error('the work failed'));
    await expect(withBar('importing', 'events', 10, work, stream)).rejects.toThrow('failed');
    expect(said()).toContain('importing');
    expect(timers()).toBe(before);
  });
});
