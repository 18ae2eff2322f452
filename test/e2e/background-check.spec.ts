import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { eventually, pause } from '../support/eventually';
import { changeReadModel } from '../support/postgres';
import { Receiver } from '../support/receiver';
import { completed, TestService } from '../support/service';

interface Checked {
  readonly state: string;
  readonly faults: number | null;
  readonly kinds: readonly string[];
  readonly finished_at: string | null;
}

describe('the background check, while the service runs', () => {
  let dataDir: string;
  let service: TestService;
  let receiver: Receiver;

  const checked = async () => {
    const { status, body } = await service.get<{ background_check: Checked }>('/health/ready');
    return { status, ...body.background_check };
  };
  const metric = async (name: string) => {
    const text = await (await fetch(`${service.url}/metrics`)).text();
    return Number(new RegExp(`^minutebook_background_check_${name} (.+)$`, 'm').exec(text)?.[1]);
  };
  const nextPass = async () => {
    const passes = await metric('passes');
    for (let tries = 0; (await metric('passes')) <= passes + 1; tries += 1) {
      if (tries === 60)
        throw new Error(`No pass was completed: ${JSON.stringify(await checked())}`);
      await pause(250);
    }
    return checked();
  };
  const told = () => receiver.of('minutebook.verification.failed');

  beforeAll(async () => {
    receiver = await Receiver.start();
    dataDir = mkdtempSync(join(tmpdir(), 'minutebook-checked-'));
    const first = await TestService.start({ dataDir });
    const batch = () => Array.from({ length: 60 }, () => completed({ duration_seconds: 91 }));
    const { body } = await first.batch(batch());
    await first.get(`/v1/users/ann/usage-logs?at_least=${body.position}`);
    expect((await first.get('/v1/audit/root')).status).toBe(200);
    await first.close();
    service = await TestService.start({
      dataDir,
      environment: { BACKGROUND_CHECK_SHARE: '1', WEBHOOK_ALLOW_PRIVATE: 'true' },
    });
    const hook = { url: receiver.url, types: ['minutebook.verification.failed'], name: 'on call' };
    const saved = await service.post('/v1/webhooks', 'application/json', JSON.stringify(hook));
    expect(saved.status).toBe(201);
  }, 60_000);
  afterAll(async () => {
    await service.close();
    await receiver.close();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it('finds nothing on a sound ledger, whatever is recorded meanwhile', async () => {
    let recording = true;
    const recorded = (async () => {
      for (let round = 0; recording; round += 1) {
        const batch = Array.from({ length: 5 }, () => completed({ user_id: `user-${round % 7}` }));
        expect((await service.batch(batch)).status).toBe(200);
        await pause(100);
      }
    })();
    for (let passes = 0; passes < 2; passes += 1) {
      expect(await nextPass()).toMatchObject({ status: 200, faults: 0, kinds: [] });
    }
    recording = false;
    await recorded;
    expect(await metric('faults')).toBe(0);
    // A pass that begins counts from 0 again.
    await eventually(async () => (await metric('events')) > 60);
    expect(await metric('finished_timestamp_seconds')).toBeGreaterThan(1_700_000_000);
    expect(told()).toEqual([]);
  }, 60_000);

  it('finds an edited row of the read model until it is corrected; nothing stops', async () => {
    const edit = (value: string) =>
      changeReadModel(
        service.environment,
        `UPDATE usage_logs SET duration_seconds = ${value} WHERE id = (SELECT min(id) FROM usage_logs)`,
      );
    expect(await edit("'7' || duration_seconds")).toBe(1);
    expect(await nextPass()).toMatchObject({ status: 200, faults: 1, kinds: ['read_model'] });
    expect(await metric('faults')).toBe(1);
    expect(await edit('substr(duration_seconds, 2)')).toBe(1);
    expect(await nextPass()).toMatchObject({ faults: 0, kinds: [] });
    await eventually(() => told().length === 1);
  }, 60_000);

  it('finds a changed event, and reports it to webhooks once, however often it is found', async () => {
    const before = told().length;
    const store = new Database(join(dataDir, 'events.db'));
    const guards = store
      .prepare("SELECT sql FROM sqlite_master WHERE type = 'trigger'")
      .pluck()
      .all() as string[];
    store.exec('DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed');
    const { changes } = store
      .prepare(
        `UPDATE events SET body = replace(body, '"duration_seconds":"91"', '"duration_seconds":"90"') WHERE position = 20`,
      )
      .run();
    expect(changes).toBe(1);
    for (const guard of guards) store.exec(guard);
    store.close();
    const found = await nextPass();
    expect(found.status).toBe(200);
    expect(found.faults).toBeGreaterThan(1);
    expect(found.kinds).toEqual(expect.arrayContaining(['changed', 'signed_root', 'read_model']));
    await nextPass();
    await eventually(() => told().length > before);
    expect(told()).toHaveLength(before + 1);
    const { items } = told().at(-1)!.event.data as { items: { position: string }[] };
    expect(items[0]!.position).toBe('20');
    expect((await service.one(completed())).status).toBe(201);
  }, 60_000);
});

describe('the background check, switched off', () => {
  it('reports that it is off', async () => {
    const service = await TestService.start({ environment: { BACKGROUND_CHECK_SHARE: '0' } });
    const { body } = await service.get<{ background_check: object }>('/health/ready');
    await service.close();
    expect(body.background_check).toEqual({
      state: 'off',
      faults: null,
      kinds: [],
      finished_at: null,
      trouble: null,
    });
  });
});
