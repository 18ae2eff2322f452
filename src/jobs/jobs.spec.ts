import { Problem } from '../http/problem';
import { Job, JobList, JobQueue, type Outcome } from './jobs';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Work that ends when told to. */
class Step {
  begun = false;
  end!: () => void;
  fail!: (error: Error) => void;
  closed = 0;
  private readonly ended = new Promise<void>((resolve, reject) => {
    this.end = resolve;
    this.fail = reject;
  });

  work = async ({ signal }: { signal: AbortSignal }): Promise<Outcome> => {
    this.begun = true;
    const stop = () => this.fail(signal.reason as Error);
    signal.addEventListener('abort', stop);
    await this.ended.finally(() => signal.removeEventListener('abort', stop));
    return { result: {}, close: () => Promise.resolve(void (this.closed += 1)) };
  };
}

const turns = () => new Promise((resolve) => setImmediate(resolve));

describe('jobs', () => {
  let now = 0;
  let reported: unknown[] = [];
  let queue: JobQueue;
  let list: JobList<Outcome>;
  const start = () => {
    const step = new Step();
    return { step, job: list.start({}, step.work, 'ann') };
  };
  const finish = async ({ step }: { step: Step }) => {
    step.end();
    await turns();
  };

  beforeEach(() => {
    now = 0;
    reported = [];
    queue = new JobQueue(
      () => now,
      (error) => reported.push(error),
    );
    list = new JobList(queue);
  });
  afterEach(async () => {
    await queue.close();
    await list.close();
  });

  it('run one at a time, in the order requested', async () => {
    const [first, second] = [start(), start()];
    await turns();
    expect([first.job.status, second.job.status]).toEqual(['running', 'queued']);
    expect(second.step.begun).toBe(false);
    await finish(first);
    expect([first.job.status, second.job.status]).toEqual(['done', 'running']);
    await finish(second);
    expect(second.job.status).toBe('done');
  });

  it('are refused while ten wait, with a time to try again', async () => {
    const jobs = Array.from({ length: 11 }, start);
    let refusal: unknown;
    try {
      start();
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toBeInstanceOf(Problem);
    expect(refusal).toMatchObject({ code: 'overloaded', status: 503 });
    expect(list.list('ann')).toHaveLength(11);
    await turns();
    await finish(jobs[0]!);
    expect(start().job.status).toBe('queued');
  });

  it('that fail say why, and let the next one run', async () => {
    const [refused, broken, sound] = [start(), start(), start()];
    refused.step.fail(new Problem('store_unavailable', 'It is gone.'));
    broken.step.fail(new Error('secret'));
    sound.step.end();
    for (let turn = 0; turn < 5; turn += 1) await turns();
    expect(refused.job).toMatchObject({
      status: 'failed',
      error: { code: 'store_unavailable', detail: 'It is gone.' },
    });
    expect(broken.job.error!.code).toBe('internal_error');
    expect(JSON.stringify(broken.job.view())).not.toContain('secret');
    expect(reported).toEqual([new Error('secret')]);
    expect(sound.job.status).toBe('done');
  });

  it('are kept up to the last twenty, and release what they hold', async () => {
    const all: { step: Step; job: Job<Outcome> }[] = [];
    for (let number = 0; number < 22; number += 1) {
      const one = start();
      all.push(one);
      await turns();
      await finish(one);
    }
    expect(list.list('ann').map((job) => job.number)).toEqual(
      Array.from({ length: 20 }, (_, index) => 21 - index),
    );
    expect(list.get(all[0]!.job.id, 'ann')).toBeUndefined();
    expect(all.map(({ step }) => step.closed).slice(0, 3)).toEqual([1, 1, 0]);
  });

  it('are kept for a day, even if the clock is set forward or back', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const first = start();
      await turns();
      await finish(first);
      now = 2 * DAY_MS;
      const second = start();
      await turns();
      await finish(second);
      expect(list.get(first.job.id, 'ann')).toBe(first.job);
      now = -DAY_MS;
      jest.advanceTimersByTime(DAY_MS);
      expect(list.list('ann')).toEqual([]);
      expect([first.step.closed, second.step.closed]).toEqual([1, 1]);
    } finally {
      jest.useRealTimers();
    }
  });

  it('are visible only to those who requested them', async () => {
    const { step, job } = start();
    expect(list.get(job.id, 'ann')).toBe(job);
    expect(list.get(job.id, 'bob')).toBeUndefined();
    expect(list.list('bob')).toEqual([]);
    job.share('bob');
    expect(list.get(job.id, 'bob')).toBe(job);
    expect(list.list('cleo')).toEqual([]);
    await turns();
    step.end();
  });

  it('are visible to everyone if the service itself started them', async () => {
    const step = new Step();
    const job = list.start({}, step.work);
    job.share('ann');
    expect(list.list('bob')).toEqual([job]);
    await turns();
    step.end();
  });

  it('stop with the service: the running one fails, and waiting ones never begin', async () => {
    const [running, waiting] = [start(), start()];
    await turns();
    await queue.close();
    expect(running.job).toMatchObject({ status: 'failed', error: { code: 'store_unavailable' } });
    expect(waiting.step.begun).toBe(false);
    expect(() => start()).toThrow(Problem);
  });

  it('report every change to their listeners until these unsubscribe', async () => {
    const one = start();
    const heard: string[] = [];
    const stop = one.job.onChange(() => heard.push(one.job.status));
    await turns();
    await finish(one);
    expect(heard).toEqual(['done']);
    stop();
    one.job.changed();
    expect(heard).toEqual(['done']);
  });
});
