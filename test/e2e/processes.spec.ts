import { mkdtempSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { build, run, ServingProcess } from '../support/process';
import { BATCH, completed, type Answer } from '../support/service';

async function post(service: ServingProcess, events: readonly unknown[]): Promise<Answer> {
  const response = await service.fetch('/v1/events', {
    method: 'POST',
    headers: { 'content-type': BATCH },
    body: JSON.stringify(events),
  });
  return (await response.json()) as Answer;
}

async function get<T>(service: ServingProcess, path: string): Promise<T> {
  return (await (await service.fetch(path)).json()) as T;
}

interface Summary {
  readonly transcriptions: number;
  readonly cost_cents: number;
  readonly billed_seconds: string;
}

describe('the program as a process', () => {
  let dataDir: string;
  beforeAll(() => build(), 120_000);
  beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'minutebook-process-'))));
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('law 6: killed with SIGKILL under load, it has every answered event once, and exact summaries', async () => {
    const sent: Record<string, unknown>[] = [];
    const answered = new Set<string>();
    for (let round = 0; round < 3; round += 1) {
      const service = await ServingProcess.start(dataDir);
      let running = true;
      const workers = Array.from({ length: 8 }, async (_, worker) => {
        while (running) {
          const batch = Array.from({ length: 1 + ((sent.length + worker) % 20) }, () =>
            completed({ user_id: 'killed', duration_seconds: 60 }),
          );
          sent.push(...batch);
          const answer = await post(service, batch).catch(() => undefined);
          answer?.results.forEach((result) => {
            if (result.status === 'recorded') answered.add(result.id);
          });
        }
      });
      await new Promise((resolve) => setTimeout(resolve, 700));
      await service.kill();
      running = false;
      await Promise.all(workers);
    }
    const service = await ServingProcess.start(dataDir);
    let recordedNow = 0;
    let position = '0';
    for (let from = 0; from < sent.length; from += 1_000) {
      const batch = sent.slice(from, from + 1_000);
      const answer = await post(service, batch);
      position = answer.position;
      answer.results.forEach((result) => {
        expect(result.status).not.toBe('rejected');
        if (result.status === 'recorded') {
          expect(answered.has(result.id)).toBe(false);
          recordedNow += 1;
        }
      });
    }
    expect(answered.size).toBeGreaterThan(100);
    expect(answered.size + recordedNow).toBeLessThanOrEqual(sent.length);
    const summary = await get<Summary>(
      service,
      `/v1/users/killed/usage-summary?period=2026-10&at_least=${position}`,
    );
    expect(summary).toMatchObject({
      transcriptions: sent.length,
      cost_cents: sent.length * 3,
      billed_seconds: String(sent.length * 60),
    });
    expect(await service.stop()).toBe(0);
  }, 60_000);

  it('gives the same rows after the read model is deleted', async () => {
    const first = await ServingProcess.start(dataDir);
    const events = Array.from({ length: 50 }, () => completed({ user_id: 'again' }));
    const { position } = await post(first, events);
    const path = `/v1/users/again/usage-logs?limit=500&at_least=${position}`;
    const before = await get<object>(first, path);
    await first.stop();
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(dataDir, `read-models.db${suffix}`), { force: true });
    }
    const second = await ServingProcess.start(dataDir);
    expect(await get<object>(second, path)).toEqual(before);
    await second.stop();
  });

  it('refuses a second process on the same ledger, and says who holds it', async () => {
    const service = await ServingProcess.start(dataDir);
    const second = await run(['serve'], { DATA_DIR: dataDir, PORT: '0' });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('in use by');
    await service.stop();
  });

  it('refuses another time zone for an existing ledger', async () => {
    const service = await ServingProcess.start(dataDir);
    await service.stop();
    const second = await run(['serve'], {
      DATA_DIR: dataDir,
      PORT: '0',
      BILLING_TIME_ZONE: 'Asia/Taipei',
    });
    expect(second.status).toBe(1);
    expect(second.stderr).toContain('months in UTC');
  });

  it('names every mistake of the configuration at once', async () => {
    const card = join(dataDir, 'card.json');
    writeFileSync(card, '{"currency":"TWD","prices":{"default":{"amount":"-1"}}}');
    const { status, stderr } = await run(['serve'], {
      DATA_DIR: dataDir,
      PORT: '70000',
      HOST: 'no host',
      BILLING_TIME_ZONE: 'Mars/Olympus',
      RATE_CARD_FILE: card,
    });
    expect(status).toBe(1);
    for (const text of ['PORT', 'HOST', 'BILLING_TIME_ZONE', '/prices/default/amount']) {
      expect(stderr).toContain(text);
    }
    unlinkSync(card);
  });

  it('imports NDJSON, reports the lines it refuses, and can be run again', async () => {
    const lines = Array.from({ length: 2_500 }, () =>
      JSON.stringify(completed({ user_id: 'imp' })),
    );
    lines.splice(1_200, 0, 'no json', '', JSON.stringify(completed({ attempt: 0 })));
    const file = join(dataDir, 'events.ndjson');
    writeFileSync(file, lines.join('\r\n'));
    const environment = { DATA_DIR: join(dataDir, 'ledger') };
    const first = await run(['import', file], environment);
    expect(first.stdout).toContain('2502 events read: 2500 recorded, 0 duplicate, 2 rejected.');
    expect(first.stderr).toContain('line 1201: invalid_json');
    expect(first.stderr).toContain('line 1203: invalid_field at /data/attempt');
    expect(first.status).toBe(1);
    const again = await run(['import', '--json'], environment, readFileSync(file, 'utf8'));
    expect(JSON.parse(again.stdout)).toEqual({
      read: 2502,
      recorded: 0,
      duplicate: 2500,
      rejected: 2,
    });
  }, 60_000);

  it('distinguishes wrong use from failure', async () => {
    expect((await run(['nonsense'], {})).status).toBe(2);
    expect((await run(['demo', '--nonsense'], {})).status).toBe(2);
    const missing = await run(['import', '/nowhere.ndjson'], { DATA_DIR: dataDir });
    expect(missing.status).toBe(1);
    expect(missing.stderr).toContain('/nowhere.ndjson');
  });
});
