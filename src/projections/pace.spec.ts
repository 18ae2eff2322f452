import { BackgroundPace } from './pace';

function work(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

describe('the pace of background work', () => {
  it('takes its share of a core and no more', async () => {
    const pace = new BackgroundPace(0.1, new AbortController().signal);
    const began = performance.now();
    for (let piece = 0; piece < 5; piece += 1) {
      work(10);
      await pace.rest();
    }
    // The work took 50 ms, so at a tenth of a core, work and rest together take 500 ms.
    expect(performance.now() - began).toBeGreaterThan(480);
  });

  it('postpones the rest for work that it did while something was held', async () => {
    const pace = new BackgroundPace(0.02, new AbortController().signal);
    let began = performance.now();
    pace.holding(true);
    for (let piece = 0; piece < 3; piece += 1) {
      work(10);
      await pace.rest();
    }
    expect(performance.now() - began).toBeLessThan(1_000);
    pace.holding(false);
    began = performance.now();
    await pace.rest();
    expect(performance.now() - began).toBeGreaterThan(1_300);
  });

  it('stops at once when it is aborted', async () => {
    const stopping = new AbortController();
    const pace = new BackgroundPace(0.001, stopping.signal);
    work(20);
    const resting = pace.rest();
    stopping.abort(new Error('The service is stopping.'));
    await expect(resting).rejects.toThrow('The service is stopping.');
  });
});
