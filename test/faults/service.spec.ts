import { describeWithServer, newPrefix, SERVER } from '../support/event-store-server';
import { freePort } from '../support/free-port';
import { eventually } from '../support/eventually';
import { completed, TestService, type Problem } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

interface Summary {
  readonly transcriptions: number;
  readonly billed_seconds: string;
}

describeWithServer('the service, when EventStoreDB or its connection fails', () => {
  let proxy: TcpProxy;
  let prefix: string;
  const services: TestService[] = [];

  const start = async (url = proxy.url, more: { waitMs?: number; port?: number } = {}) => {
    const { waitMs, port = 0 } = more;
    const service = await TestService.start({
      environment: { EVENT_STORE_URL: url, STREAM_PREFIX: prefix, PORT: String(port) },
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    services.push(service);
    return service;
  };
  const summaryOf = async (service: TestService, user: string, position: string) => {
    const path = `/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`;
    return (await service.get<Summary>(path)).body;
  };

  beforeEach(async () => {
    prefix = newPrefix();
    proxy = await TcpProxy.start(SERVER!);
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
    await proxy.down();
  });

  it('is alive but not ready while it waits for the store at the start, refuses with Retry-After, and then serves', async () => {
    await proxy.down();
    const port = await freePort();
    const starting = start(proxy.url, { waitMs: 60_000, port });
    const url = `http://127.0.0.1:${port}`;
    const status = (path: string) =>
      fetch(url + path).then(
        (answer) => answer.status,
        () => 0,
      );
    await eventually(async () => (await status('/health/live')) === 200);
    expect(await status('/health/ready')).toBe(503);
    const answer = await fetch(`${url}/v1/events`, { method: 'POST', body: '{}' });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(((await answer.json()) as Problem).code).toBe('store_unavailable');
    await proxy.up();
    const service = await starting;
    expect((await service.one(completed())).status).toBe(201);
    await eventually(async () => (await status('/health/ready')) === 200);
  }, 90_000);

  it('does not start without the store if it may not wait', async () => {
    await proxy.down();
    await expect(start()).rejects.toMatchObject({ name: 'StoreError', code: 'unavailable' });
  });

  it('answers 503 with Retry-After while the store is silent, is not ready, and records the same events once afterwards', async () => {
    const service = await start();
    await service.one(completed({ user_id: 'first' }));
    proxy.set('hold');
    const events = Array.from({ length: 20 }, () => completed({ user_id: 'held' }));
    const [refused, ready] = await Promise.all([
      service.batch(events),
      service.get('/health/ready'),
    ]);
    expect(refused.status).toBe(503);
    expect(refused.body.code).toBe('store_unavailable');
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(ready.status).toBe(503);
    proxy.set('pass');
    proxy.cut();
    const again = await service.batch(events);
    expect(again.status).toBe(200);
    const { body } = await service.batch(events);
    expect(body.results.map((one) => one.status)).toEqual(events.map(() => 'duplicate'));
    expect(body.results.map((one) => one.position)).toEqual(
      again.body.results.map((one) => one.position),
    );
    await eventually(async () => (await service.get('/health/ready')).status === 200);
    const summary = await summaryOf(service, 'held', body.position);
    expect(summary).toMatchObject({ transcriptions: 20, billed_seconds: '2400' });
  }, 90_000);

  it('is ready while its read model is a few hundred events behind, however large positions are', async () => {
    const service = await start();
    const batch = () => Array.from({ length: 1_000 }, () => completed({ user_id: 'behind' }));
    for (let round = 0; round < 3; round += 1) {
      expect((await service.batch(batch())).status).toBe(200);
      expect((await service.get('/health/ready')).status).toBe(200);
    }
  }, 60_000);

  it('returns its verdicts despite resets between append and answer, and every event is there once', async () => {
    const service = await start();
    let position = '0';
    for (let round = 0; round < 5; round += 1) {
      const events = Array.from({ length: 40 }, () => completed({ user_id: 'reset' }));
      if (round % 2 === 0) proxy.set('swallow');
      const answer = service.batch(events);
      await new Promise((resolve) => setTimeout(resolve, 150));
      proxy.set('pass');
      proxy.cut();
      const { status, body } = await answer;
      expect(status).toBe(200);
      expect(body.results.map((one) => one.status)).toEqual(events.map(() => 'recorded'));
      position = body.position;
    }
    const summary = await summaryOf(service, 'reset', position);
    expect(summary).toMatchObject({ transcriptions: 200, billed_seconds: '24000' });
  }, 90_000);

  it('records an event that two instances receive at once only once, and both return its position', async () => {
    const [one, two] = [await start(), await start()];
    const events = Array.from({ length: 100 }, () => completed({ user_id: 'twice' }));
    const [a, b] = await Promise.all([one.batch(events), two.batch(events)]);
    const statuses = events.map((_, index) =>
      [a.body.results[index]!.status, b.body.results[index]!.status].sort(),
    );
    expect(statuses).toEqual(events.map(() => ['duplicate', 'recorded']));
    expect(a.body.results.map((result) => result.position)).toEqual(
      b.body.results.map((result) => result.position),
    );
    for (const service of [one, two]) {
      const summary = await summaryOf(service, 'twice', a.body.position);
      expect(summary).toMatchObject({ transcriptions: 100, billed_seconds: '12000' });
    }
  });

  it('records one of two events with the same id that two instances receive with different content', async () => {
    const [one, two] = [await start(), await start()];
    const events = Array.from({ length: 50 }, () => completed());
    const others = events.map((event) => ({
      ...event,
      data: { ...(event['data'] as object), duration_seconds: 91 },
    }));
    const [a, b] = await Promise.all([one.batch(events), two.batch(others)]);
    const outcomes = events.map((_, index) =>
      [a, b].map(({ body }) => body.results[index]!.code ?? body.results[index]!.status).sort(),
    );
    expect(outcomes).toEqual(events.map(() => ['event_id_reused', 'recorded']));
  });

  it("takes the other instance's writes into account: a session that was voided there", async () => {
    const [one, two] = [await start(), await start()];
    const event = completed({ session_id: 'voided-elsewhere' });
    expect((await one.one(event)).status).toBe(201);
    expect((await two.one(event)).status).toBe(200);
    const path = '/v1/sessions/voided-elsewhere/void';
    expect((await two.write('POST', path, { reason: 'wrong user' })).status).toBe(201);
    expect((await one.one(event)).body.code).toBe('fact_voided');
    const right = completed({ session_id: 'voided-elsewhere', user_id: 'bob' });
    expect((await one.one(right)).status).toBe(201);
  });

  it('splits the facts of one session that exceed one append, and records each once', async () => {
    const service = await start();
    const text = 'x'.repeat(1_000);
    const metadata = Object.fromEntries(
      Array.from({ length: 15 }, (_, index) => [`k${index}`, text]),
    );
    const events = Array.from({ length: 200 }, (_, index) =>
      completed({ session_id: 'large', attempt: index + 1, provider_metadata: metadata }),
    );
    const { status, body } = await service.batch(events);
    expect(status).toBe(200);
    expect(new Set(body.results.map((one) => one.position)).size).toBeGreaterThan(1);
    const again = await service.batch(events);
    expect(again.body.results.map((one) => [one.status, one.position])).toEqual(
      body.results.map((one) => ['duplicate', one.position]),
    );
  });
});
