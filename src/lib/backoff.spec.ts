import { Backoff } from './backoff';

describe('pauses between tries', () => {
  const halfOfThemByChance = (ms: number, longest: number) => {
    expect(ms).toBeGreaterThanOrEqual(longest / 2);
    expect(ms).toBeLessThanOrEqual(longest);
  };

  it('double each time up to the bound, and half of each is random', () => {
    const backoff = new Backoff({ firstMs: 100, mostMs: 300 });
    for (const longest of [100, 200, 300, 300]) halfOfThemByChance(backoff.takeMs(), longest);
  });

  it('are short again after a healthy run', () => {
    const backoff = new Backoff({ firstMs: 100, mostMs: 10_000 });
    for (let tries = 0; tries < 5; tries += 1) backoff.takeMs();
    backoff.reset();
    halfOfThemByChance(backoff.takeMs(), 100);
  });

  it('end at once when their signal is aborted', async () => {
    const began = performance.now();
    await new Backoff({ firstMs: 60_000, mostMs: 60_000 }).pause(AbortSignal.abort());
    expect(performance.now() - began).toBeLessThan(1_000);
  });
});
