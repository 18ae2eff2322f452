import { completed, TestService, type Problem } from '../support/service';

interface Leak {
  readonly kind: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly since: string;
  readonly age_seconds: number;
  readonly value_at_risk: string | null;
  readonly currency: string | null;
  readonly action: string;
}
interface Report {
  readonly items: readonly Leak[];
  readonly next_cursor: string | null;
  readonly totals: readonly object[] | null;
}

describe('GET /v1/audit/leaks', () => {
  let service: TestService;
  const now = Date.parse('2026-11-10T00:00:00Z');
  let before: string;

  const leaks = async (query = '') => (await service.get<Report>(`/v1/audit/leaks?${query}`)).body;
  const tell = async (kind: string, time: string, data: Readonly<Record<string, unknown>>) => {
    const type = `transcription.session.${kind}`;
    const event = completed(data, { type, time });
    if (kind !== 'completed') delete (event['data'] as Record<string, unknown>)['duration_seconds'];
    const { body } = await service.one(event);
    expect(body.results[0]!.status).toBe('recorded');
    return body.position;
  };

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    await service.write('POST', '/v1/rate-cards', {
      currency: 'EUR',
      prices: { assemblyai: { amount: '0.6' } },
    });
    await service.write('PUT', '/v1/users/eve/plan', { plan: 'pro', currency: 'EUR' });
    await tell('started', '2026-11-01T00:00:00Z', { session_id: 'open' });
    await tell('started', '2026-11-02T00:00:00Z', { session_id: 'done' });
    await tell('completed', '2026-11-02T00:01:00Z', { session_id: 'done' });
    // The first attempt is open because nothing gave it up; the second one waits for it.
    await tell('started', '2026-11-03T00:00:00Z', { session_id: 'gap' });
    await tell('completed', '2026-11-03T00:10:00Z', {
      session_id: 'gap',
      attempt: 3,
      duration_seconds: 90,
    });
    await tell('started', '2026-11-04T00:00:00Z', { session_id: 'given-up' });
    await tell('retried', '2026-11-04T01:00:00Z', { session_id: 'given-up', attempt: 2 });
    await tell('completed', '2026-11-10T00:00:00Z', { session_id: 'eur', user_id: 'eve' });
    before = await tell('started', '2026-11-06T00:00:00Z', { session_id: 'failed' });
    const last = await tell('failed', '2026-11-06T00:01:00Z', {
      session_id: 'failed',
      error_code: 'x',
    });
    await service.get(`/v1/audit/pending?at_least=${last}`);
  });
  afterAll(() => service.close());

  it('lists attempts that never finished, wait, or have no price: oldest first, with age and value', async () => {
    const { items, next_cursor, totals } = await leaks();
    expect(
      items.map(({ kind, session_id, attempt, since, age_seconds, value_at_risk, currency }) => [
        ...[kind, session_id, attempt, since, age_seconds, value_at_risk, currency],
      ]),
    ).toEqual([
      ['unfinished', 'open', 1, '2026-11-01T00:00:00.000Z', 777_600, null, null],
      ['unfinished', 'gap', 1, '2026-11-03T00:00:00.000Z', 604_800, null, null],
      ['pending', 'gap', 3, '2026-11-03T00:10:00.000Z', 604_200, '0.06', 'TWD'],
      ['unfinished', 'given-up', 2, '2026-11-04T01:00:00.000Z', 514_800, null, null],
      ['unrated', 'eur', 1, '2026-11-10T00:00:00.000Z', 0, null, 'EUR'],
    ]);
    expect(next_cursor).toBeNull();
    expect(totals).toEqual([
      { kind: 'unfinished', currency: null, count: 3, value_at_risk: null, without_value: 3 },
      { kind: 'pending', currency: 'TWD', count: 1, value_at_risk: '0.06', without_value: 0 },
      { kind: 'unrated', currency: 'EUR', count: 1, value_at_risk: null, without_value: 1 },
    ]);
    expect(items.map((one) => one.action).join()).toContain('rate card in EUR');
  });

  it('agrees with pending on what waits', async () => {
    const { items } = await leaks();
    const { body } = await service.get<Report>('/v1/audit/pending');
    const waiting = items.filter((one) => one.kind !== 'unfinished');
    expect(body.items.map((one) => [one.session_id, one.age_seconds, one.value_at_risk])).toEqual(
      waiting.map((one) => [one.session_id, one.age_seconds, one.value_at_risk]),
    );
  });

  it('pages across both tables, with totals on the first page', async () => {
    const whole = (await leaks()).items;
    for (const limit of [1, 2, 4]) {
      const items: Leak[] = [];
      let page = await leaks(`limit=${limit}`);
      expect(page.totals).not.toBeNull();
      items.push(...page.items);
      while (page.next_cursor !== null) {
        page = await leaks(`limit=${limit}&cursor=${page.next_cursor}`);
        expect(page.totals).toBeNull();
        items.push(...page.items);
      }
      expect(items).toEqual(whole);
    }
  });

  it('filters by kind and minimum age', async () => {
    const of = async (query: string) => {
      const { items, totals } = await leaks(query);
      return [items.map((one) => one.session_id), totals!.length];
    };
    expect(await of('kind=unfinished')).toEqual([['open', 'gap', 'given-up'], 1]);
    expect(await of('kind=pending')).toEqual([['gap'], 1]);
    expect(await of('kind=unrated')).toEqual([['eur'], 1]);
    expect(await of('older_than_seconds=604800')).toEqual([['open', 'gap'], 1]);
    expect(await of('older_than_seconds=10000000000')).toEqual([[], 0]);
  });

  it('answers as of a position', async () => {
    const { items } = await leaks(`as_of=${before}&kind=unfinished`);
    expect(items.map((one) => one.session_id)).toEqual(['open', 'gap', 'given-up', 'failed']);
  });

  it.each([
    ['kind=x', '/kind'],
    ['older_than_seconds=-1', '/older_than_seconds'],
    ['older_than_seconds=1.5', '/older_than_seconds'],
    ['limit=0', '/limit'],
  ])('refuses %s', async (query, pointer) => {
    const { status, body } = await service.get<Problem>(`/v1/audit/leaks?${query}`);
    expect({ status, pointer: body.pointer }).toEqual({ status: 400, pointer });
  });
});
