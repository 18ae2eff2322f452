import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { eventually, pause } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, ServingProcess } from '../support/process';
import { completed, HttpService, type Problem } from '../support/service';

interface Ready {
  readonly status: string;
  readonly read_model: { readonly trouble: string | null };
}

interface Summary {
  readonly transcriptions: number;
}

/** A report that takes a while, because it reads each log. */
const REPORT = '/v1/reports/usage?period=2026-10';

describe('the service, when one of its threads dies or hangs', () => {
  let folder: string;
  let breaking: string;
  let serving: ServingProcess;
  let service: HttpService;

  const start = async () => {
    serving = await ServingProcess.start(folder, {
      NODE_OPTIONS: `--require ${join(__dirname, '../support/broken-threads.cjs')}`,
      BREAK_FOLDER: breaking,
    });
    service = new HttpService(serving.url, keysOf(folder));
  };
  /** Makes a thread misbehave at once. */
  const tell = (thread: 'projection-thread' | 'worker-thread', what: string) => {
    writeFileSync(join(breaking, 'next'), what);
    renameSync(join(breaking, 'next'), join(breaking, thread));
  };
  const batch = (user: string, size: number) =>
    service.batch(Array.from({ length: size }, () => completed({ user_id: user })));
  const summaryOf = async (user: string, position: string) => {
    const path = `/v1/users/${user}/usage-summary?period=2026-10&at_least=${position}`;
    return (await service.get<Summary & Problem>(path)).body;
  };
  const ready = () => service.get<Ready>('/health/ready');

  beforeAll(() => build(), 240_000);
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-threads-'));
    breaking = mkdtempSync(join(tmpdir(), 'minutebook-breaking-'));
    await start();
  }, 60_000);
  afterEach(async () => {
    await serving.kill();
    for (const one of [folder, breaking]) rmSync(one, { recursive: true, force: true });
  });

  it.each(['throw', 'exit'])(
    'recovers when the projecting thread ends (%s), reports it meanwhile, and counts every event once',
    async (how) => {
      let position = '0';
      let sent = 0;
      const troubles: string[] = [];
      for (let round = 0; round < 3; round += 1) {
        const first = await batch('ann', 200);
        tell('projection-thread', how);
        for (let more = 0; more < 10; more += 1) {
          const { body } = await batch('ann', 20);
          position = body.position;
          const { read_model } = (await ready()).body;
          if (read_model.trouble !== null) troubles.push(read_model.trouble);
          await pause(20);
        }
        expect(first.status).toBe(200);
        sent += 400;
      }
      expect(await summaryOf('ann', position)).toMatchObject({ transcriptions: sent });
      expect(troubles[0]).toMatch(/^The thread that projects ended: /);
      await eventually(async () => (await ready()).status === 200);
      expect(await serving.stop()).toBe(0);
      await start();
      expect(await summaryOf('ann', position)).toMatchObject({ transcriptions: sent });
    },
    120_000,
  );

  it('answers, records events and reports its readiness while the projecting thread hangs', async () => {
    await summaryOf('ann', (await batch('ann', 10)).body.position);
    tell('projection-thread', '4000');
    await pause(100);
    const began = performance.now();
    expect((await batch('ann', 10)).status).toBe(200);
    const path = '/v1/users/ann/usage-summary?period=2026-10';
    const response = await serving.fetch(path);
    expect(await response.json()).toMatchObject({ transcriptions: 10 });
    expect(response.headers.get('minutebook-behind')).toBe('10');
    expect((await ready()).body.read_model).toMatchObject({ behind: 10 });
    expect(performance.now() - began).toBeLessThan(3_000);
    const { body } = await batch('ann', 10);
    expect(await summaryOf('ann', body.position)).toMatchObject({ transcriptions: 30 });
  }, 60_000);

  it('fails only the request that a pool thread was working on, and says when to retry', async () => {
    await summaryOf('ann', (await batch('ann', 5_000)).body.position);
    expect((await service.get(REPORT)).status).toBe(200);
    for (const how of ['throw', 'exit']) {
      const statuses: number[] = [];
      let broken: Response | undefined;
      for (let tries = 0; tries < 40 && broken === undefined; tries += 1) {
        const asked = Array.from({ length: 4 }, () => serving.fetch(REPORT));
        tell('worker-thread', how);
        for (const response of await Promise.all(asked)) {
          statuses.push(response.status);
          if (response.status === 503) broken ??= response;
        }
      }
      expect([...new Set(statuses)].filter((status) => status !== 200 && status !== 503)).toEqual(
        [],
      );
      expect(((await broken!.json()) as Problem).code).toBe('store_unavailable');
      expect(broken!.headers.get('retry-after')).not.toBeNull();
      // An order that no thread has read yet would break the next one too.
      rmSync(join(breaking, 'worker-thread'), { force: true });
      await eventually(async () => (await service.get(REPORT)).status === 200);
      expect((await ready()).status).toBe(200);
    }
  }, 120_000);

  it('stops with status 0 on request, even while a pool thread is working', async () => {
    await summaryOf('ann', (await batch('ann', 5_000)).body.position);
    const asked = serving.fetch(REPORT).catch(() => undefined);
    await service.post('/v1/audit/replays', 'application/json', '{}');
    expect(await serving.stop()).toBe(0);
    await asked;
  }, 60_000);
});
