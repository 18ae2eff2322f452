import { freePort } from '../support/free-port';
import { eventually, pause } from '../support/eventually';
import {
  describeWithPostgres,
  newDatabase,
  OwnPostgres,
  type TestDatabase,
} from '../support/postgres';
import { completed, TestService, type Answer, type Problem } from '../support/service';
import { TcpProxy } from '../support/tcp-proxy';

interface Ready {
  readonly status: string;
  readonly read_model: { readonly trouble: string | null };
}

describeWithPostgres('the service, when PostgreSQL or its connection fails', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  const services: TestService[] = [];

  const start = async (more: { waitMs?: number; port?: number } = {}) => {
    const { waitMs, port = 0 } = more;
    const service = await TestService.start({
      environment: { READ_MODEL_URL: proxy.url, PORT: String(port) },
      ...(waitMs === undefined ? {} : { waitMs }),
    });
    services.push(service);
    return service;
  };
  const ready = async (service: TestService) =>
    (await service.get<Ready>('/health/ready')).status === 200;
  const summaryOf = (service: TestService, user: string, position = '0') =>
    service.get(`/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`);

  beforeEach(async () => {
    database = await newDatabase();
    proxy = await TcpProxy.start(database.url);
  });
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close();
    await proxy.down();
    await database.drop();
  });

  it('is alive but not ready while it waits for PostgreSQL at the start, and then serves', async () => {
    await proxy.down();
    const port = await freePort();
    const starting = start({ waitMs: 60_000, port });
    const url = `http://127.0.0.1:${port}`;
    const status = (path: string) =>
      fetch(url + path).then(
        (answer) => answer.status,
        () => 0,
      );
    await eventually(async () => (await status('/health/live')) === 200);
    expect(await status('/health/ready')).toBe(503);
    expect(await status('/v1/users/ann/usage-summary')).toBe(503);
    await proxy.up();
    const service = await starting;
    expect((await service.one(completed())).status).toBe(201);
    await eventually(() => ready(service));
  });

  it('does not start without PostgreSQL if it may not wait, and says why without the address', async () => {
    await proxy.down();
    const failed = start();
    await expect(failed).rejects.toMatchObject({ name: 'PostgresUnavailableError' });
    await expect(failed).rejects.not.toThrow(/postgres:/);
  });

  it('records events while PostgreSQL is down, answers reads with 503 and Retry-After, and has every event once afterwards', async () => {
    const service = await start();
    const first = await service.one(completed({ user_id: 'ann' }));
    expect((await summaryOf(service, 'ann', first.body.position)).status).toBe(200);
    await proxy.down();
    const taken = await service.batch(
      Array.from({ length: 30 }, () => completed({ user_id: 'ann' })),
    );
    expect(taken.status).toBe(200);
    const response = await service.fetch(`/v1/users/ann/usage-summary`);
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    const problem = (await response.json()) as Problem;
    expect(problem.code).toBe('store_unavailable');
    expect(JSON.stringify(problem)).not.toMatch(/postgres:|127\.0\.0\.1|password/);
    const unready = await service.get<Ready>('/health/ready');
    expect(unready.status).toBe(503);
    expect(unready.body.read_model.trouble).toMatch(/PostgreSQL/);
    const write = await service.write('PUT', '/v1/plans/new', { included_minutes: '1' });
    expect(write.status).toBe(503);
    await proxy.up();
    await eventually(
      async () => (await summaryOf(service, 'ann', taken.body.position)).status === 200,
    );
    const { body } = await summaryOf(service, 'ann', taken.body.position);
    expect(body).toMatchObject({ transcriptions: 31, billed_seconds: '3720' });
    await eventually(() => ready(service));
  });

  it('counts every event once despite cut connections, whatever they interrupt', async () => {
    const service = await start();
    // The keys are looked up once; after that, recording needs only the event store.
    expect((await service.one(completed({ user_id: 'cut' }))).status).toBe(201);
    let position = '0';
    let sent = 1;
    const until = Date.now() + 2_000;
    const cutting = (async () => {
      while (Date.now() < until) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        proxy.set('swallow');
        await new Promise((resolve) => setTimeout(resolve, 10));
        proxy.cut();
        proxy.set('pass');
      }
    })();
    const statuses = new Set<number>();
    while (Date.now() < until) {
      const events = Array.from({ length: 20 }, () => completed({ user_id: 'cut' }));
      const answer: { status: number; body: Answer } = await service.batch(events);
      expect(answer.status).toBe(200);
      sent += events.length;
      position = answer.body.position;
      statuses.add((await summaryOf(service, 'cut')).status);
    }
    await cutting;
    expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
    await eventually(async () => (await summaryOf(service, 'cut', position)).status === 200);
    const { body } = await summaryOf(service, 'cut', position);
    expect(body).toMatchObject({ transcriptions: sent });
    await eventually(() => ready(service));
    const beside = await service.service.rebuildBeside(
      `${service.dataDir}/beside.db`,
      () => undefined,
    );
    expect(beside).toEqual([]);
  });
});

describeWithPostgres('the service, when PostgreSQL is restarted under load', () => {
  let server: OwnPostgres;
  let service: TestService;

  beforeAll(async () => {
    server = await OwnPostgres.start();
    service = await TestService.start({ environment: { READ_MODEL_URL: server.url } });
  }, 120_000);
  afterAll(async () => {
    await service.close();
    await server.stop();
  });

  it.each([
    ['stopped', 'SIGINT'],
    ['crashed, losing what it had not yet written', 'SIGQUIT'],
  ] as const)(
    '%s, it recovers by itself: every event is there once, and no answer is wrong',
    async (how, signal) => {
      const user = how.slice(0, 7);
      let sent = 0;
      let position = '0';
      let loading = true;
      const loads = (async () => {
        while (loading) {
          const events = Array.from({ length: 20 }, () => completed({ user_id: user }));
          const { status, body } = await service.batch(events);
          expect(status).toBe(200);
          sent += events.length;
          position = body.position;
        }
      })();
      const statuses = new Map<number, number>();
      const reads = (async () => {
        while (loading) {
          const { status } = await service.get(`/v1/users/${user}/usage-summary?period=2026-10`);
          statuses.set(status, (statuses.get(status) ?? 0) + 1);
          await pause(5);
        }
      })();
      await pause(700);
      await server.restart(signal);
      await pause(700);
      loading = false;
      await Promise.all([loads, reads]);
      expect([...statuses.keys()].filter((status) => status !== 200 && status !== 503)).toEqual([]);
      const path = `/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`;
      await eventually(async () => (await service.get(path)).status === 200);
      expect((await service.get(path)).body).toMatchObject({ transcriptions: sent });
      await eventually(async () => (await service.get('/health/ready')).status === 200);
      const beside = `${service.dataDir}/beside-${user}.db`;
      expect(await service.service.rebuildBeside(beside, () => undefined)).toEqual([]);
    },
    120_000,
  );
});
