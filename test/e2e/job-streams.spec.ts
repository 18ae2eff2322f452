import { completed, TestService } from '../support/service';
import type { JobAnswer } from '../support/jobs';

interface Told {
  readonly event: string;
  readonly data: Record<string, unknown>;
}

/** The events of a stream, up to its end. */
async function eventsOf(response: Response): Promise<Told[]> {
  const text = await response.text();
  return text
    .split('\n\n')
    .filter((part) => part.startsWith('event: '))
    .map((part) => {
      const [first, second] = part.split('\n') as [string, string];
      return {
        event: first.slice('event: '.length),
        data: JSON.parse(second.slice('data: '.length)) as Record<string, unknown>,
      };
    });
}

describe('a replay as server-sent events', () => {
  let service: TestService;
  const SESSIONS = 1_500;

  beforeAll(async () => {
    service = await TestService.start();
    const events = Array.from({ length: SESSIONS }, (_, index) =>
      completed({ user_id: `user-${index % 50}` }),
    );
    const { body } = await service.batch(events);
    let caughtUp = false;
    while (!caughtUp) {
      caughtUp = (await service.get(`/v1/audit/pending?at_least=${body.position}`)).status === 200;
    }
  });
  afterAll(() => service.close());

  const start = async () =>
    (await service.post<JobAnswer>('/v1/audit/replays', 'application/json', '{}')).body.id;
  const follow = (id: string, signal?: AbortSignal) =>
    service.fetch(`/v1/audit/replays/${id}`, {
      headers: { accept: 'text/event-stream' },
      ...(signal === undefined ? {} : { signal }),
    });
  const ends = async (id: string) => {
    for (;;) {
      const { body } = await service.get<JobAnswer>(`/v1/audit/replays/${id}`);
      if (body.status === 'done' || body.status === 'failed') return body;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  it('reports how far it is, how fast, and how long it will take, and at the end the result', async () => {
    const response = await follow(await start());
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('minutebook-position')).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get('minutebook-behind')).toBe('0');
    const told = await eventsOf(response);
    const steps = told.slice(0, -1);
    expect(steps.length).toBeGreaterThan(1);
    expect(new Set(steps.map((one) => one.event))).toEqual(new Set(['progress']));
    const sizes = steps.map((one) => one.data['size'] as number);
    expect([...sizes].sort((a, b) => a - b)).toEqual(sizes);
    const midway = steps.find((one) => (one.data['size'] as number) < SESSIONS)!;
    expect(midway.data).toMatchObject({ phase: 'replaying', of: SESSIONS + 1, rows_compared: 0 });
    expect(midway.data['events_per_second']).toBeGreaterThan(0);
    expect(midway.data['seconds_left']).toBeGreaterThan(0);
    expect(steps.at(-1)!.data).toMatchObject({ phase: 'comparing', size: SESSIONS + 1 });
    expect(told.at(-1)).toMatchObject({
      event: 'result',
      data: { status: 'done', result: { size: SESSIONS + 1, differences: 0 } },
    });
  });

  it('sends only the last progress and the result if it is already done', async () => {
    const id = await start();
    const done = await ends(id);
    const told = await eventsOf(await follow(id));
    expect(told.map((one) => one.event)).toEqual(['progress', 'result']);
    expect(told.at(-1)!.data).toEqual(done);
  });

  it('goes on when its follower goes away', async () => {
    const id = await start();
    const leaving = new AbortController();
    const response = await follow(id, leaving.signal);
    await response.body!.getReader().read();
    leaving.abort();
    expect(await ends(id)).toMatchObject({ status: 'done', result: { differences: 0 } });
  });

  it('lets other requests be answered while it runs', async () => {
    const id = await start();
    const waits: number[] = [];
    for (let running = true; running;) {
      const began = performance.now();
      expect((await service.get('/v1/users/user-1/usage-summary')).status).toBe(200);
      expect((await service.one(completed())).status).toBe(201);
      waits.push(performance.now() - began);
      const { body } = await service.get<JobAnswer>(`/v1/audit/replays/${id}`);
      running = body.status === 'queued' || body.status === 'running';
    }
    // It shared the thread: the requests did not wait for its end.
    expect(waits.length).toBeGreaterThan(5);
    expect(await ends(id)).toMatchObject({ status: 'done', result: { differences: 0 } });
  });

  it('does not keep the service from stopping, however many are queued', async () => {
    const ids = [await start(), await start(), await start()];
    const followed = follow(ids[0]!)
      .then((response) => response.text())
      .catch(() => 'cut off');
    const began = performance.now();
    await service.service.close();
    expect(performance.now() - began).toBeLessThan(10_000);
    await followed;
  });
});
