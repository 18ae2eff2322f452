import { completed, TestService } from '../support/service';

describe('the queries of readers', () => {
  let service: TestService;
  let position: string;
  const now = Date.parse('2026-11-20T00:00:00Z');
  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    const logs = Array.from({ length: 7 }, (_, index) =>
      completed(
        { session_id: `s${index}`, user_id: 'ann' },
        { time: `2026-10-0${index + 1}T10:00:00Z` },
      ),
    );
    const waiting = completed({ session_id: 'w', user_id: 'ann', attempt: 2 });
    ({ position } = (await service.batch([...logs, waiting])).body);
  });
  afterAll(() => service.close());

  it('return an empty summary for a user that no event names', async () => {
    // It waits until the ledger's first event is read: before that, no currencies and plans are known.
    const { status, body } = await service.get('/v1/users/nobody/usage-summary?at_least=1');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      period: '2026-11',
      currency: 'TWD',
      transcriptions: 0,
      cost: '0',
      plan: 'free',
    });
  });

  it('add a month up, as of the awaited position', async () => {
    const { body } = await service.get(
      `/v1/users/ann/usage-summary?period=2026-10&at_least=${position}`,
    );
    expect(body).toMatchObject({
      sessions: 7,
      transcriptions: 7,
      billed_seconds: '840',
      billable_minutes: '14',
      cost: '0.42',
      cost_cents: 42,
      remaining_minutes: '106',
      position,
    });
  });

  it('list providers by name, also if names look like numbers', async () => {
    const names = ['9', '10', '-x', 'google'];
    const { body: sent } = await service.batch(
      names.map((stt_provider) =>
        completed({ user_id: 'eve', stt_provider }, { time: '2026-10-01T10:00:00Z' }),
      ),
    );
    const { body } = await service.get<{ by_provider: { stt_provider: string }[] }>(
      `/v1/users/eve/usage-summary?period=2026-10&at_least=${sent.position}`,
    );
    expect(body.by_provider.map((one) => one.stt_provider)).toEqual(names.toSorted());
  });

  it('list months newest first, including empty ones', async () => {
    const { body } = await service.get<{ items: { period: string; cost_cents: number }[] }>(
      '/v1/users/ann/usage-history?months=13',
    );
    expect(body.items.map((one) => one.period)).toEqual([
      '2026-11',
      '2026-10',
      '2026-09',
      '2026-08',
      '2026-07',
      '2026-06',
      '2026-05',
      '2026-04',
      '2026-03',
      '2026-02',
      '2026-01',
      '2025-12',
      '2025-11',
    ]);
    expect(body.items[1]!.cost_cents).toBe(42);
  });

  it('page through logs, newest first, and stay correct while logs are added', async () => {
    type Page = { items: { session_id: string }[]; next_cursor: string | null };
    const first = (await service.get<Page>('/v1/users/ann/usage-logs?limit=3')).body;
    const added = await service.one(
      completed({ user_id: 'ann' }, { time: '2026-10-30T00:00:00Z' }),
    );
    await service.get(`/v1/users/ann/usage-summary?at_least=${added.body.position}`);
    const second = (
      await service.get<Page>(`/v1/users/ann/usage-logs?limit=4&cursor=${first.next_cursor}`)
    ).body;
    expect([...first.items, ...second.items].map((one) => one.session_id)).toEqual([
      's6',
      's5',
      's4',
      's3',
      's2',
      's1',
      's0',
    ]);
    expect(second.next_cursor).toBeNull();
  });

  it('explain a charge step by step', async () => {
    const { body } = await service.get<{
      explanation: { steps: { step: string; text: string }[] };
    }>('/v1/usage-logs/s1~1');
    expect(body.explanation.steps.map((one) => one.step)).toEqual([
      'quantity',
      'allowance',
      'price',
      'surcharges',
      'cost',
      'cents',
    ]);
    expect(body.explanation.steps[4]!.text).toContain('(120 × 0.03) × 1 / 60 = 0.06 TWD');
  });

  it('list what waits, with its age and value', async () => {
    const { body } = await service.get<{ items: unknown[] }>('/v1/audit/pending');
    expect(body.items).toEqual([
      expect.objectContaining({
        status: 'pending',
        session_id: 'w',
        attempt: 2,
        age_seconds: (now - Date.parse('2026-10-05T10:00:00Z')) / 1000,
        value_at_risk: '0.06',
        currency: 'TWD',
      }),
    ]);
  });

  it('show a session and its next attempt', async () => {
    const { body } = await service.get('/v1/sessions/w');
    expect(body).toMatchObject({
      user_id: 'ann',
      attempts: [
        { attempt: 1, status: 'open', transcription_type: null },
        { attempt: 2, status: 'pending', transcription_type: null, billable: null },
      ],
      usage_logs: [],
      cost: '0',
      next_attempt: { attempt: 3, transcription_type: 'retry_success', billable: true },
    });
  });

  it.each([
    ['/v1/users/a%2Fb/usage-summary', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?period=2026-13', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?period=1969-11', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?currency=twd', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?perod=2026-10', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?at_least=x', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-summary?period=2026-10&period=2026-11', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-history?months=0', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-history?months=25', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-history?months=1.5', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-logs?limit=0', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-logs?limit=501', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-logs?limit=', 400, 'invalid_parameter'],
    ['/v1/users/ann/usage-logs?cursor=abc', 400, 'invalid_cursor'],
    ['/v1/users/ann/usage-logs?cursor=', 400, 'invalid_cursor'],
    ['/v1/users/ann/usage-logs?transcription_type=x', 400, 'invalid_parameter'],
    ['/v1/usage-logs/none', 404, 'not_found'],
    ['/v1/sessions/none', 404, 'not_found'],
    ['/v1/nothing', 404, 'not_found'],
    ['/docs/nothing', 404, 'not_found'],
    ['/docs/schemas/nothing.json', 404, 'not_found'],
    ['/v1/events', 405, 'method_not_allowed'],
    ['/v1/users/ann/usage-summary?at_least=9007199254740991', 503, 'not_caught_up'],
  ])('answer %s with %d %s', async (path, status, code) => {
    const answer = await service.getOnce(path);
    expect([answer.status, answer.body['code']]).toEqual([status, code]);
  });

  it('say that the service is alive and ready', async () => {
    expect((await service.get('/health/live')).status).toBe(200);
    const { status, body } = await service.get('/health/ready');
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { status: 'ok', event_store: 'ok' },
    });
  });
});
