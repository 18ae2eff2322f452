import { Probe } from './probe';

describe('a probe', () => {
  it('returns the answer, or says why there is none', async () => {
    expect(await new Probe(() => Promise.resolve(7), 100).ask()).toEqual({ answer: 7 });
    const failing = new Probe(() => Promise.reject(new Error('It is gone.')), 100);
    expect(await failing.ask()).toEqual({ silence: 'It is gone.' });
  });

  it('waits no longer than allowed, and does not check again what still hangs', async () => {
    let asked = 0;
    let answer: (value: number) => void = () => undefined;
    const probe = new Probe(() => {
      asked += 1;
      return new Promise<number>((resolve) => (answer = resolve));
    }, 30);
    const began = performance.now();
    const both = await Promise.all([probe.ask(), probe.ask()]);
    expect(both).toEqual([{ silence: 'It does not answer.' }, { silence: 'It does not answer.' }]);
    expect(performance.now() - began).toBeLessThan(1_000);
    const late = probe.ask();
    answer(3);
    expect(await late).toEqual({ answer: 3 });
    expect(asked).toBe(1);
    void probe.ask();
    expect(asked).toBe(2);
    answer(4);
  });
});
