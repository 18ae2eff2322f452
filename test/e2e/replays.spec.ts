import { changeReadModel } from '../support/postgres';
import { ended, type JobAnswer, type ReplayAnswer } from '../support/jobs';
import { completed, TestService, type Problem } from '../support/service';

type Replay = JobAnswer<ReplayAnswer>;

describe('replays', () => {
  let service: TestService;
  let now = Date.parse('2026-11-10T00:00:00Z');
  const positions: string[] = [];
  const run = (body: object = {}) => ended<Replay>(service, 'replays', body);
  /** Changes the live read model behind the service's back. */
  const damage = async (statement: string) => {
    expect(await changeReadModel(service.environment, statement)).toBe(1);
  };

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    for (const [user, month] of [
      ['ann', '2026-10'],
      ['ann', '2026-11'],
      ['bob', '2026-10'],
    ] as const) {
      for (let day = 1; day <= 5; day += 1) {
        const event = completed(
          { session_id: `${user}-${month}-${day}`, user_id: user },
          { time: `${month}-0${day}T10:00:00Z` },
        );
        now += 1_000;
        positions.push((await service.one(event)).body.position);
      }
    }
    await service.one(completed({ session_id: 'waits', user_id: 'ann', attempt: 2 }));
    const close = await service.write<{ position: string }>(
      'POST',
      '/v1/billing-periods/2026-10/close',
      { force: true },
    );
    positions.push(close.body.position);
    await service.get(`/v1/audit/pending?at_least=${close.body.position}`);
  });
  afterAll(() => service.close());

  it('find no difference if there is none, row by row, closed months included', async () => {
    const asked = await service.post<Replay>('/v1/audit/replays', 'application/json', '');
    expect(asked.status).toBe(202);
    expect(asked.headers.get('location')).toBe(`/v1/audit/replays/${asked.body.id}`);
    expect(asked.body.request).toEqual({ user_id: null, period: null, as_of: null });
    const job = await run();
    expect(job).toMatchObject({
      status: 'done',
      error: null,
      progress: { size: 18, of: 18, phase: 'comparing' },
      result: {
        position: positions.at(-1),
        size: 18,
        differences: 0,
        items: [],
        closed_periods_checked: 1,
      },
    });
    // 16 sessions, 15 logs, 1 waiting, 3 statements, no account, 1 request, 2 + 1 tiles, 1 checkpoint;
    // 15 days of users, and of each month its total, plan, provider and 5 days.
    expect(job.result!.rows_compared).toBe(40 + 15 + 16);
  });

  it('show a changed row, with both sides and the field', async () => {
    const id = 'ann-2026-11-2~1';
    const bill = (from: number, to: number) =>
      `UPDATE usage_logs SET billed_seconds = '${to}' WHERE billed_seconds = '${from}' AND id = '${id}'`;
    await damage(bill(120, 60));
    const { result } = await run();
    await damage(bill(60, 120));
    expect(result).toMatchObject({
      differences: 1,
      items: [
        {
          table: 'usage_logs',
          key: { id },
          fields: ['billed_seconds'],
          live: { id, billed_seconds: '60' },
          replayed: { id, billed_seconds: '120' },
        },
      ],
    });
    expect((await run()).result!.differences).toBe(0);
  });

  it('show a missing row, and a row that no event made', async () => {
    await damage(`UPDATE statements SET user_id = 'eve' WHERE user_id = 'bob'`);
    const { result } = await run();
    await damage(`UPDATE statements SET user_id = 'bob' WHERE user_id = 'eve'`);
    expect(result!.differences).toBe(2);
    expect(result!.items).toMatchObject([
      { table: 'statements', key: { user_id: 'bob', period: '2026-10' }, live: null },
      { table: 'statements', key: { user_id: 'eve', period: '2026-10' }, replayed: null },
    ]);
  });

  it('compare the rows of one user or one month only', async () => {
    const user = await run({ user_id: 'bob' });
    // 5 sessions, 5 logs, 1 statement, 5 days.
    expect(user.result).toMatchObject({ rows_compared: 16, differences: 0 });
    const month = await run({ period: '2026-10' });
    // 10 logs, 1 waiting, 2 statements, 10 days of users, and the month's total, plan, provider and 5 days.
    expect(month.result).toMatchObject({ rows_compared: 31, closed_periods_checked: 1 });
    const both = await run({ user_id: 'ann', period: '2026-11' });
    expect(both.result).toMatchObject({ rows_compared: 11, closed_periods_checked: 0 });
    await damage(`UPDATE usage_logs SET currency = 'USD' WHERE id = 'ann-2026-11-2~1'`);
    expect((await run({ user_id: 'bob' })).result!.differences).toBe(0);
    expect((await run({ period: '2026-11' })).result!.differences).toBe(1);
    await damage(`UPDATE usage_logs SET currency = 'TWD' WHERE id = 'ann-2026-11-2~1'`);
  });

  it('replay as of a position or a time', async () => {
    const past = await run({ as_of: positions[4] });
    expect(past.result).toMatchObject({ position: positions[4], size: 6, differences: 0 });
    expect(past.result!.closed_periods_checked).toBe(0);
    const time = await run({ as_of: '2026-11-10T00:00:07.500Z' });
    expect(time.result).toMatchObject({ position: positions[6], size: 8, differences: 0 });
  });

  it.each([
    [{ as_of: '99' }, 422, 'invalid_field', '/as_of'],
    [{ as_of: 'soon' }, 422, 'invalid_field', '/as_of'],
    [{ as_of: 7 }, 422, 'invalid_field', '/as_of'],
    [{ user_id: 'a b' }, 422, 'invalid_field', '/user_id'],
    [{ period: '2026-13' }, 422, 'invalid_field', '/period'],
    [{ users: [] }, 422, 'unknown_field', '/users'],
    [[], 422, 'invalid_field', ''],
  ])('refuse %j', async (body, status, code, pointer) => {
    const answer = await service.post<Problem>(
      '/v1/audit/replays',
      'application/json',
      JSON.stringify(body),
    );
    expect(answer).toMatchObject({ status, body: { code, pointer } });
  });

  it('do not know another id', async () => {
    const answer = await service.get(`/v1/audit/replays/00000000-0000-4000-8000-000000000000`);
    expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
    expect((await service.get('/v1/audit/replays/x~y')).status).toBe(400);
  });

  it('are listed newest first, without their items', async () => {
    const first = await service.get<{ items: Replay[]; next_cursor: string }>(
      '/v1/audit/replays?limit=2',
    );
    expect(first.body.items).toHaveLength(2);
    expect(first.body.items[0]!.request).toMatchObject({ as_of: '2026-11-10T00:00:07.500Z' });
    expect(first.body.items[0]!.result).not.toHaveProperty('items');
    const next = await service.get<{ items: Replay[] }>(
      `/v1/audit/replays?limit=2&cursor=${first.body.next_cursor}`,
    );
    expect(next.body.items[0]!.request).toMatchObject({ user_id: null, period: '2026-11' });
  });
});
