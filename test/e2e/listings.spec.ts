import { completed, TestService, type Problem } from '../support/service';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
}
type Money = { currency: string; cost_cents: number; transcriptions: number; cost: string };

/** What finance lists: users, sessions, logs, summaries, adjustments, and its own writes. */
describe('lists over all users', () => {
  let service: TestService;
  let position: string;
  let adjustment: { id: string; position: string };
  let now = Date.parse('2026-11-20T00:00:00Z');

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    await service.write('POST', '/v1/rate-cards', {
      currency: 'USD',
      effective_from: '2026-09-01T00:00:00Z',
      prices: { default: { amount: '0.5' } },
    });
    await service.write('PUT', '/v1/users/carl/plan', { plan: 'pro', currency: 'USD' });
    await service.write('PUT', '/v1/users/carl/plan', {
      plan: 'free',
      effective_from: '2027-01-01T00:00:00Z',
    });
    const fact = (session_id: string, user_id: string, time: string) =>
      completed({ session_id, user_id, duration_seconds: 60 }, { time });
    await service.batch([
      fact('rec-1', 'ann', '2026-09-05T10:00:00Z'),
      fact('rec-2', 'ann', '2026-11-05T10:00:00Z'),
      fact('rec-3', 'Bob', '2026-10-05T10:00:00Z'),
      fact('call-1', 'carl', '2026-11-19T10:00:00Z'),
      {
        ...completed({}, { time: '2026-11-19T10:00:00Z' }),
        type: 'transcription.session.failed',
        data: {
          session_id: 'call-2',
          user_id: 'dora',
          stt_provider: 'google',
          error_code: 'E',
        },
      },
    ]);
    const adjusted = async (body: object) =>
      (
        await service.write<{ id: string; position: string }>('POST', '/v1/adjustments', {
          user_id: 'ann',
          period: '2026-11',
          reason: 'goodwill',
          ...body,
        })
      ).body;
    await adjusted({ user_id: 'Bob', amount_cents: 7, period: '2026-10', reference: 'T-1' });
    adjustment = await adjusted({ amount_cents: 5 });
    await adjusted({ amount_cents: 30, currency: 'USD' });
    ({ position } = await adjusted({ amount_cents: -5, voids: adjustment.id }));
  });
  afterAll(() => service.close());

  const get = async <Item>(path: string) => {
    const more = path.includes('?') ? '&' : '?';
    const { status, body } = await service.get<Page<Item>>(`${path}${more}at_least=${position}`);
    expect(status).toBe(200);
    return body;
  };
  const all = async <Item>(path: string, limit: number) => {
    const items: Item[] = [];
    for (let cursor = ''; ;) {
      const more = path.includes('?') ? '&' : '?';
      const page = await get<Item>(`${path}${more}limit=${limit}${cursor}`);
      items.push(...page.items);
      if (page.next_cursor === null) return items;
      cursor = `&cursor=${page.next_cursor}`;
    }
  };

  it('show users with their plan, and the months in which they have something', async () => {
    expect((await get('/v1/users')).items).toEqual([
      {
        user_id: 'Bob',
        plan: 'free',
        currency: 'TWD',
        first_period: '2026-10',
        last_period: '2026-10',
      },
      {
        user_id: 'ann',
        plan: 'free',
        currency: 'TWD',
        first_period: '2026-09',
        last_period: '2026-11',
      },
      {
        user_id: 'carl',
        plan: 'pro',
        currency: 'USD',
        first_period: '2026-11',
        last_period: '2026-11',
      },
      expect.objectContaining({ user_id: 'dora' }),
    ]);
    const ids = (await all<{ user_id: string }>('/v1/users', 1)).map((one) => one.user_id);
    expect(ids).toEqual(['Bob', 'ann', 'carl', 'dora']);
  });

  it('find users, sessions and logs by any part of their id', async () => {
    const found = async (path: string, name: string) =>
      (await get<Record<string, string>>(path)).items.map((one) => one[name]);
    expect(await found('/v1/users?search=O', 'user_id')).toEqual(['Bob', 'dora']);
    expect(await found('/v1/sessions?search=LL-', 'session_id')).toEqual(['call-1', 'call-2']);
    expect(await found('/v1/usage-logs?search=c-2~', 'id')).toEqual(['rec-2~1']);
    expect(await found('/v1/usage-logs?search=_', 'id')).toEqual([]);
    expect((await get('/v1/sessions?search=call')).items).toEqual([
      { session_id: 'call-1', user_id: 'carl', attempts: 1, status: 'completed' },
      { session_id: 'call-2', user_id: 'dora', attempts: 1, status: 'failed' },
    ]);
    expect((await get('/v1/usage-logs?search=call')).items).toEqual([
      expect.objectContaining({ id: 'call-1~1', user_id: 'carl', duration_seconds: '60' }),
    ]);
  });

  it('refuse a search text that cannot be part of an id', async () => {
    for (const search of ['', 'a b', '%25', 'x'.repeat(129)]) {
      const { status, body } = await service.get<Problem>(`/v1/users?search=${search}`);
      expect([search, status, body.code]).toEqual([search, 400, 'invalid_parameter']);
    }
  });

  it("show summaries of a month that add up to the report's totals, page by page", async () => {
    const summaries = await all<Money & { user_id: string }>('/v1/usage-summaries', 1);
    expect(summaries.map(({ user_id, currency }) => `${user_id} ${currency}`)).toEqual([
      'ann TWD',
      'ann USD',
      'carl USD',
      'dora TWD',
    ]);
    const { body: own } = await service.get('/v1/users/ann/usage-summary?currency=USD');
    expect(summaries[1]).toEqual(own);
    const { body: report } = await service.get<{ totals: Money[] }>('/v1/reports/usage');
    for (const total of report.totals) {
      const rows = summaries.filter(({ currency }) => currency === total.currency);
      const sum = (name: 'cost_cents' | 'transcriptions') =>
        rows.reduce((so, one) => so + one[name], 0);
      expect([sum('cost_cents'), sum('transcriptions')]).toEqual([
        total.cost_cents,
        total.transcriptions,
      ]);
    }
    expect(report.totals).toHaveLength(2);
  });

  it('show summaries of the month of their first page, and refuse a cursor for another month', async () => {
    const first = await service.get<{ next_cursor: string }>('/v1/usage-summaries?limit=1');
    const next = `/v1/usage-summaries?limit=1&cursor=${first.body.next_cursor}`;
    const { body } = await service.get<Problem>(`${next}&period=2026-10`);
    expect(body.code).toBe('invalid_cursor');
    expect((await service.get(`${next}&period=2026-11`)).status).toBe(200);
    const before = now;
    now = Date.parse('2026-12-01T00:00:01Z');
    const later = await service.get<{ items: { period: string }[] }>(next);
    now = before;
    expect(later.body.items).toMatchObject([{ period: '2026-11' }]);
  });

  it('show adjustments, newest first, by user and month, and what voids them', async () => {
    type Adjusted = { id: string; amount_cents: number };
    const amounts = async (query: string) =>
      (await all<Adjusted>(`/v1/adjustments${query}`, 1)).map((one) => one.amount_cents);
    expect(await amounts('')).toEqual([-5, 30, 5, 7]);
    expect(await amounts('?user_id=ann')).toEqual([-5, 30, 5]);
    expect(await amounts('?period=2026-10')).toEqual([7]);
    expect(await amounts('?user_id=ann&period=2026-10')).toEqual([]);
    const { items } = await get<Adjusted>('/v1/adjustments?user_id=ann');
    expect(items.at(-1)).toMatchObject({
      id: adjustment.id,
      period: '2026-11',
      billing_period: '2026-11',
      voids: null,
      voided_by: items[0]!.id,
      author: 'initial-admin',
      reference: null,
    });
    const past = await service.get<Page<Adjusted>>(
      `/v1/adjustments?user_id=ann&as_of=${adjustment.position}`,
    );
    expect(past.body.items).toMatchObject([{ amount_cents: 5, voided_by: null }]);
  });

  it('show what finance wrote: who, when, what and why', async () => {
    type Written = { type: string; author: string | null };
    const written = await all<Written>('/v1/audit/writes', 3);
    expect(written.map(({ type }) => type)).toEqual([
      ...Array.from({ length: 4 }, () => 'usage.adjusted'),
      'plan.assigned',
      'plan.assigned',
      'rate_card.published',
    ]);
    expect(written[3]).toEqual({
      position: expect.any(String) as string,
      recorded_at: '2026-11-20T00:00:00.000Z',
      type: 'usage.adjusted',
      stream: 'account-Bob',
      author: 'initial-admin',
      reason: 'goodwill',
      user_id: 'Bob',
      session_id: null,
      period: '2026-10',
      data: expect.objectContaining({ amount_cents: 7, reference: 'T-1' }) as object,
    });
    expect(written.at(-1)).toMatchObject({ user_id: null, stream: 'rate_card-USD' });
    expect(new Set(written.map(({ author }) => author))).toEqual(new Set(['initial-admin']));
    await service.write('POST', '/v1/sessions/call-2/void', { reason: 'twice' });
    await service.caughtUp();
    const { items } = await get<Written>('/v1/audit/writes?limit=1');
    expect(items).toMatchObject([
      { type: 'session.voided', session_id: 'call-2', user_id: null, reason: 'twice' },
    ]);
  });

  it("keep a caller's cursors from other callers and other lists", async () => {
    const { next_cursor: cursor } = await get('/v1/users?limit=1');
    for (const [path, key] of [
      ['/v1/users', service.keys.finance],
      ['/v1/sessions', service.keys.admin],
      ['/v1/usage-summaries', service.keys.admin],
    ] as const) {
      const { status, body } = await service.as(key).get<Problem>(`${path}?cursor=${cursor}`);
      expect([path, status, body.code]).toEqual([path, 400, 'invalid_cursor']);
    }
  });

  it('say up to which position they go', async () => {
    const response = await service.fetch(`/v1/users?at_least=${position}`);
    expect(Number(response.headers.get('minutebook-position'))).toBeGreaterThanOrEqual(
      Number(position),
    );
    expect(response.headers.get('minutebook-behind')).toBe('0');
  });

  it("show a user's plan, the next one, and all of them", async () => {
    const { body: plan } = await service.get('/v1/users/carl/plan');
    expect(plan).toMatchObject({
      plan: 'pro',
      effective_from: '2026-11-20T00:00:00.000Z',
      assigned: true,
      currency: 'USD',
      next: { plan: 'free', from: '2027-01-01T00:00:00.000Z', to: null },
    });
    type Stretch = { plan: string; from: string | null; currency: string | null };
    const history = await all<Stretch>('/v1/users/carl/plan-history', 1);
    expect(history.map((one) => [one.plan, one.from, one.currency])).toEqual([
      ['free', null, null],
      ['pro', '2026-11-20T00:00:00.000Z', 'USD'],
      ['free', '2027-01-01T00:00:00.000Z', null],
    ]);
    const { body: nobody } = await service.get('/v1/users/nobody/plan');
    expect(nobody).toMatchObject({
      plan: 'free',
      effective_from: null,
      assigned: false,
      next: null,
    });
  });

  it("add up a user's months since the first session", async () => {
    const { body } = await service.get('/v1/users/ann/usage-totals');
    expect(body).toMatchObject({
      first_usage_at: '2026-09-05T10:00:00.000Z',
      last_usage_at: '2026-11-05T10:00:00.000Z',
      totals: [
        {
          currency: 'TWD',
          periods: 2,
          first_period: '2026-09',
          last_period: '2026-11',
          transcriptions: 2,
          billed_seconds: '120',
          billable_minutes: '2',
          cost: '0.06',
          usage_cost_cents: 6,
          adjustments_cents: 0,
          cost_cents: 6,
        },
        { currency: 'USD', periods: 1, transcriptions: 0, cost: '0', cost_cents: 30 },
      ],
    });
    const { body: nobody } = await service.get('/v1/users/nobody/usage-totals');
    expect(nobody).toMatchObject({ first_usage_at: null, last_usage_at: null, totals: [] });
  });
});
