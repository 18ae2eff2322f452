import { Problem } from '../http/problem';
import { Lane } from './lane';

const turns = () => new Promise((resolve) => setImmediate(resolve));

/** Work that ends when the test says so. */
function step() {
  let end!: (value: string) => void;
  let fail!: (error: Error) => void;
  const ended = new Promise<string>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  const one = { begun: false, end, fail, work: () => ((one.begun = true), ended) };
  return one;
}

describe('a lane', () => {
  const make = () =>
    new Lane({ atOnce: 2, waiting: 2, refusal: 'Too much.', retryAfterSeconds: 7 });

  it('runs up to its limit at once, and the rest in the order of arrival', async () => {
    const lane = make();
    const steps = Array.from({ length: 4 }, step);
    const answers = steps.map((one) => lane.run(one.work));
    await turns();
    expect(steps.map((one) => one.begun)).toEqual([true, true, false, false]);
    steps[1]!.end('second');
    expect(await answers[1]).toBe('second');
    expect(steps.map((one) => one.begun)).toEqual([true, true, true, false]);
    steps[0]!.fail(new Error('broken'));
    await expect(answers[0]).rejects.toThrow('broken');
    expect(steps[3]!.begun).toBe(true);
  });

  it('refuses work when too much waits, says when to ask again, and takes more once it has room', async () => {
    const lane = make();
    const steps = Array.from({ length: 4 }, step);
    const answers = steps.map((one) => lane.run(one.work));
    const refused = lane.run(step().work);
    await expect(refused).rejects.toBeInstanceOf(Problem);
    await expect(refused).rejects.toMatchObject({
      code: 'overloaded',
      status: 503,
      headers: { 'retry-after': '7' },
    });
    steps[0]!.end('done');
    await answers[0];
    const next = step();
    void lane.run(next.work);
    for (const one of steps) one.end('done');
    await Promise.all(answers);
    await turns();
    expect(next.begun).toBe(true);
  });

  it('drops the turn of a caller who has gone away, and begins nothing for them', async () => {
    const lane = make();
    const running = [step(), step()];
    const answers = running.map((one) => lane.run(one.work));
    const gone = new AbortController();
    const left = step();
    const leaving = lane.run(left.work, gone.signal);
    const next = step();
    const answer = lane.run(next.work);
    gone.abort(new Error('gone'));
    await expect(leaving).rejects.toThrow('gone');
    await expect(lane.run(step().work, gone.signal)).rejects.toThrow('gone');
    running[0]!.end('');
    await answers[0];
    next.end('next');
    expect(await answer).toBe('next');
    expect(left.begun).toBe(false);
  });
});
