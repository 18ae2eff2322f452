import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { ended, type JobAnswer } from '../support/jobs';
import { completed, TestService, type Problem } from '../support/service';

interface Item {
  readonly user_id: string;
  readonly period: string;
  readonly currency: string;
  readonly paid_cents: number;
  readonly would_have_paid_cents: number;
  readonly difference_cents: number;
  readonly paid_cost: string;
  readonly would_have_cost: string;
}

interface Result {
  readonly position: string;
  readonly size: number;
  readonly totals: readonly (Omit<Item, 'user_id'> & { readonly users: number })[];
  readonly waiting: number;
  readonly would_have_waited: number;
}

type Rehearsal = JobAnswer<Result> & {
  readonly items: readonly Item[];
  readonly next_cursor: string | null;
};

/** One cent per second, whatever the provider. */
const CENT_A_SECOND = {
  currency: 'TWD',
  prices: { default: { amount: '0.01', per_seconds: 1, minimum_seconds: 0, increment_seconds: 1 } },
};

describe('rehearsals', () => {
  let service: TestService;
  let now = Date.parse('2026-11-10T00:00:00Z');
  let half = '';
  const run = (body: object) => ended<Rehearsal>(service, 'rehearsals', body);

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    for (const [user, sessions] of [
      ['ann', 2],
      ['-bob', 3],
    ] as const) {
      for (let number = 1; number <= sessions; number += 1) {
        now += 1_000;
        const { body } = await service.one(
          completed(
            { session_id: `${user}:${number}`, user_id: user, duration_seconds: 100 },
            { time: `2026-10-0${number}T10:00:00Z` },
          ),
        );
        if (user === 'ann') half = body.position;
      }
    }
    now += 1_000;
    const { body } = await service.one(
      completed({ session_id: 'waits', user_id: 'ann', attempt: 2 }),
    );
    await service.get(`/v1/audit/pending?at_least=${body.position}`);
  });
  afterAll(() => service.close());

  it('show what each user would have paid beside what they did pay, with totals that add up', async () => {
    const { result, items, next_cursor } = await run({ rate_cards: [CENT_A_SECOND] });
    const summary = async (user: string) =>
      (
        await service.get<Item & { cost_cents: number; cost: string }>(
          `/v1/users/${user}/usage-summary?period=2026-10`,
        )
      ).body;
    expect(next_cursor).toBeNull();
    expect(items.map((one) => one.user_id)).toEqual(['-bob', 'ann']);
    for (const [item, sessions] of [
      [items[0]!, 3],
      [items[1]!, 2],
    ] as const) {
      const { cost_cents, cost } = await summary(item.user_id);
      expect(item).toEqual({
        user_id: item.user_id,
        period: '2026-10',
        currency: 'TWD',
        paid_cents: cost_cents,
        would_have_paid_cents: 100 * sessions,
        difference_cents: 100 * sessions - cost_cents,
        paid_cost: cost,
        would_have_cost: String(sessions),
      });
    }
    const paid = items[0]!.paid_cents + items[1]!.paid_cents;
    expect(result).toMatchObject({
      size: 7,
      waiting: 1,
      would_have_waited: 1,
      totals: [
        {
          period: '2026-10',
          currency: 'TWD',
          users: 2,
          paid_cents: paid,
          would_have_paid_cents: 500,
          difference_cents: 500 - paid,
          would_have_cost: '5',
        },
      ],
    });
  });

  it('try a plan: the seconds that it includes cost nothing', async () => {
    const { items } = await run({
      rate_cards: [CENT_A_SECOND],
      plans: { free: { included_minutes: '4' } },
    });
    // 300 and 200 seconds, of which the plan includes 240.
    expect(items.map((one) => one.would_have_paid_cents)).toEqual([60, 0]);
    const alone = await run({ plans: { free: { included_minutes: '1000' } } });
    expect(alone.items.map((one) => one.would_have_paid_cents)).toEqual([0, 0]);
    expect(alone.result!.totals[0]!.difference_cents).toBe(
      -alone.items.reduce((sum, one) => sum + one.paid_cents, 0),
    );
  });

  it('cover one user or period, as of a position', async () => {
    const body = { rate_cards: [CENT_A_SECOND] };
    expect((await run({ ...body, user_id: 'ann' })).items.map((one) => one.user_id)).toEqual([
      'ann',
    ]);
    expect((await run({ ...body, period: '2026-11' })).items).toEqual([]);
    const past = await run({ ...body, as_of: half });
    expect(past.result).toMatchObject({ position: half, size: 3, waiting: 0 });
    expect(past.items.map((one) => [one.user_id, one.would_have_paid_cents])).toEqual([
      ['ann', 200],
    ]);
  });

  it('write nothing', async () => {
    const ledger = () => readFileSync(join(service.dataDir, 'events.db'));
    const before = ledger();
    const answers = () =>
      Promise.all(
        [
          '/v1/users/ann/usage-summary?period=2026-10',
          '/v1/users/ann/usage-logs',
          '/v1/rate-cards',
          '/v1/plans',
          '/v1/audit/root',
        ].map((path) => service.get(path)),
      );
    const live = await answers();
    await run({ rate_cards: [CENT_A_SECOND], plans: { free: {}, gold: { minutes: '5' } } });
    expect(ledger().equals(before)).toBe(true);
    expect(await answers()).toEqual(live);
  });

  it('page through the items, and offer all of them as CSV without live formulas', async () => {
    const { id, items } = await run({ rate_cards: [CENT_A_SECOND] });
    const path = `/v1/audit/rehearsals/${id}`;
    const first = (await service.get<Rehearsal>(`${path}?limit=1`)).body;
    expect(first.items).toEqual([items[0]]);
    const next = await service.get<Rehearsal>(`${path}?limit=1&cursor=${first.next_cursor}`);
    expect(next.body).toMatchObject({ items: [items[1]], next_cursor: null });
    for (const [query, headers] of [
      ['?format=csv', {}],
      ['', { accept: 'text/csv' }],
    ] as const) {
      const response = await service.fetch(path + query, { headers });
      expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
      const [bob, ann] = items.map((one) => Object.values(one).join(','));
      const head = Object.keys(items[0]!).join(',');
      expect(await response.text()).toBe(`${head}\r\n'${bob}\r\n${ann}\r\n`);
    }
    const wrong = await service.get<Problem>(`${path}?cursor=nonsense`);
    expect(wrong).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  it.each<[object, number, string, string]>([
    [{}, 422, 'missing_field', '/rate_cards'],
    [{ rate_cards: {} }, 422, 'invalid_field', '/rate_cards'],
    [{ rate_cards: [{}] }, 422, 'invalid_rate_card', '/rate_cards/0/currency'],
    [
      { rate_cards: [CENT_A_SECOND, { ...CENT_A_SECOND, prices: { default: { amount: '-1' } } }] },
      422,
      'invalid_rate_card',
      '/rate_cards/1/prices/default/amount',
    ],
    [
      { rate_cards: [CENT_A_SECOND, CENT_A_SECOND] },
      422,
      'invalid_rate_card',
      '/rate_cards/1/effective_from',
    ],
    [{ rate_cards: Array(101).fill(CENT_A_SECOND) }, 422, 'invalid_field', '/rate_cards'],
    [{ plans: { free: { minutes: -1 } } }, 422, 'invalid_plan', '/plans/free/minutes'],
    [{ plans: { 'a/b': {} } }, 422, 'invalid_plan', '/plans/a~1b'],
    [{ plans: [] }, 422, 'invalid_field', '/plans'],
    [{ plans: { free: {} }, as_of: '99' }, 422, 'invalid_field', '/as_of'],
  ])('refuse %j', async (body, status, code, pointer) => {
    const answer = await service.post<Problem>(
      '/v1/audit/rehearsals',
      'application/json',
      JSON.stringify(body),
    );
    expect(answer).toMatchObject({ status, body: { code, pointer } });
  });
});
