import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';

import Database from 'better-sqlite3';

import { ended, type JobAnswer, type ReplayAnswer } from '../support/jobs';
import { completed, TestService, type Problem } from '../support/service';

interface Rebuilt {
  readonly position: string;
  readonly size: number;
  readonly resumed_from: number;
  readonly root: string;
}

type Rebuild = JobAnswer<Rebuilt>;

interface Summary {
  readonly transcriptions: number;
  readonly cost_cents: number;
}

const NOW = Date.parse('2026-11-20T00:00:00Z');

describe('rebuilds', () => {
  let service: TestService;
  const rebuild = () => ended<Rebuild>(service, 'rebuilds', {});
  const differences = async () =>
    (await ended<JobAnswer<ReplayAnswer>>(service, 'replays', {})).result!.differences;
  const summaryOf = (user: string, more = '') =>
    service.get<Summary>(`/v1/users/${user}/usage-summary?period=2026-10${more}`);
  const caughtUp = (user: string, position: string) => summaryOf(user, `&at_least=${position}`);
  /** Changes the live read model behind the service's back. */
  const damage = (statement: string) => {
    const db = new Database(join(service.dataDir, 'read-models.db'));
    try {
      expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
    } finally {
      db.close();
    }
  };
  /** Bills `ann` a hundred times too much. */
  const overcharge = () =>
    damage(
      `UPDATE statements SET summaries = replace(summaries, '"usage_cost_cents":', '"usage_cost_cents":99') WHERE user_id = 'ann'`,
    );
  const files = () => readdirSync(service.dataDir).filter((name) => name.startsWith('read-models'));

  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW });
    const usage = Array.from({ length: 1_000 }, (_, at) =>
      completed({ session_id: `s-${at}`, user_id: at < 10 ? 'ann' : `user-${at % 50}` }),
    );
    const { body } = await service.batch(usage);
    await summaryOf('ann', `&at_least=${body.position}`);
  });
  afterAll(() => service.close());

  it('repair an edited read model, and leave nothing behind', async () => {
    overcharge();
    damage(`DELETE FROM usage_logs WHERE id = 's-700~1'`);
    expect(await differences()).toBe(2);
    expect((await summaryOf('ann')).body.cost_cents).toBeGreaterThan(9_900);
    const job = await rebuild();
    expect(job).toMatchObject({
      status: 'done',
      request: { reason: 'asked' },
      result: { size: 1_001, resumed_from: 0 },
    });
    expect((await summaryOf('ann')).body).toMatchObject({ transcriptions: 10, cost_cents: 60 });
    expect(await differences()).toBe(0);
    expect(files().filter((name) => /next|ready/.test(name))).toEqual([]);
  });

  it('replace the served read model while others write and read: no request fails, and none sees half of it', async () => {
    overcharge();
    const wrong = (await summaryOf('ann')).body.cost_cents;
    let going = true;
    let posted = 0;
    let last = '0';
    const seen: number[] = [];
    const producers = [0, 1, 2].map(async (producer) => {
      while (going) {
        const events = Array.from({ length: 20 }, () =>
          completed({ user_id: `new-${producer}`, duration_seconds: 60 }),
        );
        const { status, body } = await service.batch(events);
        expect(status).toBe(200);
        posted += 20;
        if (Number(body.position) > Number(last)) last = body.position;
        expect((await caughtUp(`new-${producer}`, body.position)).status).toBe(200);
      }
    });
    const readers = [0, 1, 2, 3].map(async () => {
      while (going) {
        const [summary, logs] = await Promise.all([
          summaryOf('ann'),
          service.get<{ items: unknown[] }>('/v1/users/ann/usage-logs?limit=50'),
        ]);
        expect([summary.status, logs.status, logs.body.items.length]).toEqual([200, 200, 10]);
        seen.push(summary.body.cost_cents);
      }
    });
    const job = await rebuild();
    await new Promise((resolve) => setTimeout(resolve, 200));
    going = false;
    await Promise.all([...producers, ...readers]);
    expect(job.status).toBe('done');
    // First the edited value, then the right one; nothing else, and never back.
    const healedAt = seen.indexOf(60);
    expect(healedAt).toBeGreaterThan(0);
    expect(new Set(seen.slice(0, healedAt))).toEqual(new Set([wrong]));
    expect(new Set(seen.slice(healedAt))).toEqual(new Set([60]));
    const users = await Promise.all(
      [0, 1, 2].map((producer) => summaryOf(`new-${producer}`, `&at_least=${last}`)),
    );
    const transcriptions = users.reduce((sum, { body }) => sum + body.transcriptions, 0);
    expect(transcriptions).toBe(posted);
    expect(users.reduce((sum, { body }) => sum + body.cost_cents, 0)).toBe(posted * 3);
    expect(await differences()).toBe(0);
    const ready = await service.get<{ read_model: object }>('/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { read_model: { trouble: null } } });
  }, 60_000);

  it('run one at a time: a second request is answered with the first', async () => {
    const ask = () => service.post<Rebuild>('/v1/audit/rebuilds', undefined, '');
    const [first, second] = await Promise.all([ask(), ask()]);
    expect([first.status, second.status]).toEqual([202, 202]);
    expect(second.body.id).toBe(first.body.id);
    expect(first.headers.get('location')).toBe(`/v1/audit/rebuilds/${first.body.id}`);
    const done = await rebuild();
    expect(done.id).toBe(first.body.id);
    const list = await service.get<{ items: Rebuild[] }>('/v1/audit/rebuilds?limit=1');
    expect(list.body.items.map((one) => one.id)).toEqual([first.body.id]);
  });

  it('report their progress as server-sent events', async () => {
    const { body } = await service.post<Rebuild>('/v1/audit/rebuilds', 'application/json', '{}');
    const response = await service.fetch(`/v1/audit/rebuilds/${body.id}`, {
      headers: { accept: 'text/event-stream' },
    });
    const text = await response.text();
    const events = text.trim().split('\n\n');
    const progress = JSON.parse(/^event: progress\ndata: (.*)$/.exec(events[0]!)![1]!) as object;
    expect(progress).toMatchObject({ phase: 'filling', resumed_from: 0 });
    expect(events.at(-2)).toMatch(/"phase":"switching"/);
    expect(events.at(-1)).toMatch(/^event: result\ndata: .*"status":"done"/);
  });

  it('say plainly if they cannot write, and the service keeps answering from the old rows', async () => {
    const inTheWay = join(service.dataDir, 'read-models.db.next');
    mkdirSync(inTheWay);
    const job = await rebuild();
    rmdirSync(inTheWay);
    expect(job).toMatchObject({
      status: 'failed',
      result: null,
      error: { code: 'rebuild_failed' },
    });
    expect(job.error!.detail).toContain('read-models.db.next');
    expect((await summaryOf('ann')).body).toMatchObject({ cost_cents: 60 });
    expect((await rebuild()).status).toBe('done');
  });

  it('accept no options, and know no other id', async () => {
    const wish = await service.post<Problem>(
      '/v1/audit/rebuilds',
      'application/json',
      '{"period":"2026-10"}',
    );
    expect(wish).toMatchObject({ status: 422, body: { code: 'unknown_field' } });
    const other = await service.get('/v1/audit/rebuilds/00000000-0000-4000-8000-000000000000');
    expect(other).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
