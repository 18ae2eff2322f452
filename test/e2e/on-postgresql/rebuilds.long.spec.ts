import { Client } from 'pg';

import { ended, type JobAnswer, type ReplayAnswer } from '../../support/jobs';
import { describeWithPostgres, usePostgres } from '../../support/postgres';
import { completed, TestService } from '../../support/service';

type Rebuild = JobAnswer<{ readonly size: number; readonly resumed_from: number }>;

interface Summary {
  readonly transcriptions: number;
  readonly cost_cents: number;
}

const NOW = Date.parse('2026-11-20T00:00:00Z');

describeWithPostgres('rebuilds on PostgreSQL', () => {
  usePostgres();
  let service: TestService;
  let client: Client;
  const rebuild = () => ended<Rebuild>(service, 'rebuilds', {});
  const differences = async () =>
    (await ended<JobAnswer<ReplayAnswer>>(service, 'replays', {})).result!.differences;
  const summaryOf = (user: string, more = '') =>
    service.get<Summary>(`/v1/users/${user}/usage-summary?period=2026-10${more}`);
  const caughtUp = (user: string, position: string) => summaryOf(user, `&at_least=${position}`);
  /** Multiplies what `ann` is billed, behind the service's back. */
  const overcharge = () =>
    client.query(
      `UPDATE minutebook_read.statements SET summaries = replace(summaries, '"usage_cost_cents":', '"usage_cost_cents":99') WHERE user_id = 'ann'`,
    );
  const schemas = async () => {
    const { rows } = await client.query<{ nspname: string }>(
      `SELECT nspname FROM pg_namespace WHERE nspname LIKE 'minutebook_read%' ORDER BY 1`,
    );
    return rows.map((row) => row.nspname);
  };

  beforeAll(async () => {
    service = await TestService.start({ now: () => NOW });
    client = new Client({ connectionString: service.environment['READ_MODEL_URL'] });
    await client.connect();
    const usage = Array.from({ length: 1_000 }, (_, at) =>
      completed({ session_id: `s-${at}`, user_id: at < 10 ? 'ann' : `user-${at % 50}` }),
    );
    const { body } = await service.batch(usage);
    await summaryOf('ann', `&at_least=${body.position}`);
  });
  afterAll(async () => {
    await client.end();
    await service.close();
  });

  it('repair edited rows, and leave nothing behind', async () => {
    await overcharge();
    await client.query(`DELETE FROM minutebook_read.usage_logs WHERE id = 's-700~1'`);
    expect(await differences()).toBe(2);
    expect(await rebuild()).toMatchObject({ status: 'done', result: { size: 1_001 } });
    expect((await summaryOf('ann')).body).toMatchObject({ transcriptions: 10, cost_cents: 60 });
    expect(await differences()).toBe(0);
    expect(await schemas()).toEqual(['minutebook_read']);
  });

  it('replace the served read model while others write and read: no request fails, and none sees half of it', async () => {
    await overcharge();
    const wrong = (await summaryOf('ann')).body.cost_cents;
    let going = true;
    let posted = 0;
    const seen: number[] = [];
    const producer = (async () => {
      while (going) {
        const events = Array.from({ length: 20 }, () =>
          completed({ user_id: 'new', duration_seconds: 60 }),
        );
        const { status, body } = await service.batch(events);
        posted += 20;
        // An acknowledged event is found in whichever of the two read models answers.
        const own = await caughtUp('new', body.position);
        expect([status, own.status, own.body.transcriptions]).toEqual([200, 200, posted]);
      }
    })();
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
    await Promise.all([producer, ...readers]);
    expect(job.status).toBe('done');
    expect(new Set(seen)).toEqual(new Set([wrong, 60]));
    expect(seen.lastIndexOf(wrong)).toBeLessThan(seen.length - 1);
    expect((await summaryOf('new')).body).toMatchObject({ cost_cents: posted * 3 });
    expect(await differences()).toBe(0);
    const ready = await service.get<{ read_model: object }>('/health/ready');
    expect(ready).toMatchObject({ status: 200, body: { read_model: { trouble: null } } });
  }, 60_000);

  it("wait for a reader's snapshot, and go on when it ends", async () => {
    await overcharge();
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    await client.query('LOCK TABLE minutebook_read.checkpoints IN ACCESS SHARE MODE');
    const before = await client.query<{ n: string }>(
      `SELECT count(*) AS n FROM minutebook_read.usage_logs`,
    );
    const running = rebuild();
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    // Meanwhile the service serves and records as usual.
    const { body } = await service.batch([completed({ user_id: 'meanwhile' })]);
    const own = await summaryOf('meanwhile', `&at_least=${body.position}`);
    expect(own.body).toMatchObject({ transcriptions: 1 });
    const again = await client.query(`SELECT count(*) AS n FROM minutebook_read.usage_logs`);
    expect(again.rows).toEqual(before.rows);
    await client.query('COMMIT');
    expect((await running).status).toBe('done');
    expect((await summaryOf('ann')).body.cost_cents).toBe(60);
    expect((await summaryOf('meanwhile')).body).toMatchObject({ transcriptions: 1 });
    expect(await differences()).toBe(0);
  }, 60_000);
});
