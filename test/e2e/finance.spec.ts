import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Ajv from 'ajv/dist/2020';

import type { ApiDocument } from '../support/api-check';
import { completed, TestService } from '../support/service';

/** A step of an explanation, as far as these tests read it. */
interface Step {
  readonly step: string;
  readonly text: string;
  readonly parts?: readonly object[];
}

/** Finance's month, over HTTP. Tests set the clock. */
describe('what finance does', () => {
  let service: TestService;
  let now = Date.parse('2026-10-20T00:00:00Z');
  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
  });
  afterAll(() => service.close());

  const summary = async (user: string, period: string, position: string, more = '') =>
    (
      await service.get(
        `/v1/users/${user}/usage-summary?period=${period}&at_least=${position}${more}`,
      )
    ).body;

  it('takes the idempotency keys that the document allows, and no others', async () => {
    const { body } = await service.get<ApiDocument>('/openapi.json');
    const { parameters } = body.paths['/v1/rate-cards']!['post']!;
    const { schema } = parameters!.find(({ name }) => name === 'Idempotency-Key')!;
    const keys = ['a', '~ !', 'x'.repeat(255), 'x'.repeat(256), 'ü', 'a\tb', 'a\u00a0b'];
    const allowed = keys.filter((key) => new Ajv().validate(schema, key));
    expect(allowed).toEqual(keys.slice(0, 3));
    for (const key of keys) {
      const { status } = await service.write('POST', '/v1/rate-cards', {}, key);
      expect([key, status]).toEqual([key, allowed.includes(key) ? 422 : 400]);
    }
  });

  it('requires an idempotency key, and repeats the first answer to the same key and body', async () => {
    const without = await service.post('/v1/rate-cards', 'application/json', '{}');
    expect(without).toMatchObject({ status: 400, body: { code: 'idempotency_key_required' } });
    const card = { currency: 'JPY', prices: { default: { amount: '3' } } };
    const first = await service.write('POST', '/v1/rate-cards', card, 'card-1');
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({
      currency: 'JPY',
      effective_from: '2026-10-20T00:00:00.000Z',
    });
    const again = await service.write('POST', '/v1/rate-cards', card, 'card-1');
    expect(again).toMatchObject({ status: 201, body: first.body });
    const other = await service.write(
      'POST',
      '/v1/rate-cards',
      { ...card, currency: 'USD' },
      'card-1',
    );
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency_key_reused' } });
    const { body } = await service.get<{ items: { currency: string }[] }>('/v1/rate-cards');
    expect(body.items.map((one) => one.currency)).toEqual(['TWD', 'JPY']);
  });

  it.each([
    [{}, 'invalid_rate_card', '/currency'],
    [{ currency: 'TWD', prices: {} }, 'invalid_rate_card', '/prices'],
    [
      { currency: 'TWD', prices: { default: { amount: '-1' } } },
      'invalid_rate_card',
      '/prices/default/amount',
    ],
    [
      {
        currency: 'TWD',
        prices: {
          default: {
            tiers: [
              { up_to_minutes: '10', amount: '1' },
              { up_to_minutes: '5', amount: '1' },
              { up_to_minutes: null, amount: '1' },
            ],
          },
        },
      },
      'invalid_rate_card',
      '/prices/default/tiers/1/up_to_minutes',
    ],
    [
      {
        currency: 'TWD',
        effective_from: '2026-10-19T00:00:00Z',
        prices: { default: { amount: '9' } },
      },
      'effective_in_past',
      '/effective_from',
    ],
  ])('refuses the card %j', async (card, code, pointer) => {
    const refused = await service.write('POST', '/v1/rate-cards', card);
    expect(refused).toMatchObject({ status: 422, body: { code, pointer } });
  });

  it('accepts a card from an earlier moment on if it only prices what was unrated', async () => {
    const own = await TestService.start({
      now: () => now,
      environment: { RATE_CARD_FILE: `${__dirname}/../fixtures/card-without-default.json` },
    });
    const { body: sent } = await own.batch([
      completed({ session_id: 'rated', user_id: 'una', stt_provider: 'google' }),
      completed({ session_id: 'unrated', user_id: 'una', stt_provider: 'other' }),
    ]);
    const before = await own.get<{ items: object[] }>(
      `/v1/audit/pending?at_least=${sent.position}`,
    );
    expect(before.body.items).toMatchObject([{ session_id: 'unrated', status: 'unrated' }]);
    const card = (google: string) => ({
      currency: 'TWD',
      effective_from: '2026-10-01T00:00:00Z',
      prices: { google: { amount: google }, default: { amount: '1' } },
    });
    const dearer = await own.write('POST', '/v1/rate-cards', card('2'));
    expect(dearer).toMatchObject({ status: 422, body: { code: 'effective_in_past' } });
    const { default: only } = card('0').prices;
    const without = { ...card('0'), prices: { other: only } };
    const taking = await own.write('POST', '/v1/rate-cards', without);
    expect(taking).toMatchObject({ status: 422, body: { code: 'effective_in_past' } });
    const same = await own.write<{ position: string }>('POST', '/v1/rate-cards', card('0.5'));
    expect(same.status).toBe(201);
    const after = await own.get<{ items: object[] }>(
      `/v1/users/una/usage-logs?at_least=${same.body.position}`,
    );
    expect(after.body.items).toHaveLength(2);
    await own.close();
  });

  it('leaves nothing waiting that has become a log, even if it was no longer in memory', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-cold-'));
    const environment = { RATE_CARD_FILE: `${__dirname}/../fixtures/card-without-default.json` };
    const first = await TestService.start({ dataDir, environment, now: () => now });
    await first.one(completed({ session_id: 'unrated', user_id: 'una', stt_provider: 'other' }));
    await first.close();
    const again = await TestService.start({ dataDir, now: () => now });
    const card = await again.write<{ position: string }>('POST', '/v1/rate-cards', {
      currency: 'TWD',
      effective_from: '2026-10-01T00:00:00Z',
      prices: { google: { amount: '0.5' }, default: { amount: '1' } },
    });
    expect(card.status).toBe(201);
    const { position } = card.body;
    const logs = await again.get<{ items: object[] }>(
      `/v1/users/una/usage-logs?at_least=${position}`,
    );
    const pending = await again.get<{ items: object[] }>('/v1/audit/pending');
    expect([logs.body.items.length, pending.body.items.length]).toEqual([1, 0]);
    await again.close();
  });

  it('rates usage from the moment when a card takes effect', async () => {
    const card = {
      currency: 'TWD',
      effective_from: '2026-10-21T00:00:00Z',
      prices: { default: { amount: '6', increment_seconds: 60 } },
    };
    expect((await service.write('POST', '/v1/rate-cards', card)).status).toBe(201);
    now = Date.parse('2026-10-22T00:00:00Z');
    const { body } = await service.batch([
      completed({ user_id: 'cal' }, { time: '2026-10-20T23:59:59.999Z' }),
      completed({ user_id: 'cal' }, { time: '2026-10-21T00:00:00Z' }),
    ]);
    // 2 minutes at 0.03, then 2 minutes at 6.
    expect(await summary('cal', '2026-10', body.position)).toMatchObject({ cost: '12.06' });
  });

  it('defines a plan once, assigns it, and uses its minutes first', async () => {
    const plan = { included_minutes: '3', minutes: '10', sessions: 5 };
    const defined = await service.write('PUT', '/v1/plans/team', plan);
    expect(defined).toMatchObject({
      status: 201,
      body: { plan: 'team', included_minutes: '3', file_size_bytes: null, export_formats: null },
    });
    expect((await service.write('PUT', '/v1/plans/team', plan)).status).toBe(200);
    const other = await service.write('PUT', '/v1/plans/team', { minutes: '1' });
    expect(other).toMatchObject({ status: 409, body: { code: 'plan_exists' } });

    const unknown = await service.write('PUT', '/v1/users/pia/plan', { plan: 'nope' });
    expect(unknown).toMatchObject({
      status: 422,
      body: { code: 'unknown_plan', pointer: '/plan' },
    });
    const assigned = await service.write('PUT', '/v1/users/pia/plan', { plan: 'team' });
    expect(assigned).toMatchObject({
      status: 201,
      body: {
        user_id: 'pia',
        plan: 'team',
        currency: 'TWD',
        effective_from: '2026-10-22T00:00:00.000Z',
      },
    });
    const { body } = await service.batch([
      completed({ user_id: 'pia', duration_seconds: 120 }, { time: '2026-10-22T00:01:00Z' }),
      completed({ user_id: 'pia', duration_seconds: 120 }, { time: '2026-10-22T00:02:00Z' }),
    ]);
    expect(await summary('pia', '2026-10', body.position)).toMatchObject({
      billed_seconds: '240',
      included_seconds: '180',
      cost: '6',
      plan: 'team',
      remaining_minutes: '6',
    });
    const asked = '/v1/users/pia/entitlement?minutes=6.5&file_size_bytes=1&export_format=XLSX';
    expect((await service.get(asked)).body).toMatchObject({
      allowed: false,
      plan: 'team',
      limits: [
        {
          name: 'minutes',
          used: '4',
          requested: '6.5',
          limit: '10',
          allowed: false,
          reason: 'minutes_exceeded',
        },
        { name: 'sessions', used: 2, requested: 1, limit: 5, allowed: true, reason: null },
        { name: 'file_size_bytes', used: null, limit: null, allowed: true },
        { name: 'export_format', allowed: true },
      ],
    });
  });

  it('changes a currency only in periods without usage', async () => {
    const refused = await service.write('PUT', '/v1/users/pia/plan', {
      plan: 'team',
      currency: 'JPY',
    });
    expect(refused).toMatchObject({ status: 409, body: { code: 'currency_change_not_allowed' } });
    const later = { plan: 'team', currency: 'JPY', effective_from: '2026-11-01T00:00:00Z' };
    expect((await service.write('PUT', '/v1/users/pia/plan', later)).status).toBe(201);
    // An assignment without a currency keeps the user's currency of its period, and says which: at first, and when
    // repeated.
    for (const [effective_from, currency] of [
      ['2026-10-25T00:00:00Z', 'TWD'],
      ['2026-12-01T00:00:00Z', 'JPY'],
    ]) {
      const choice = { plan: 'free', effective_from };
      const key = `keeps-${currency}`;
      const first = await service.write('PUT', '/v1/users/pia/plan', choice, key);
      expect(first.body).toMatchObject({ plan: 'free', currency });
      expect((await service.write('PUT', '/v1/users/pia/plan', choice, key)).body).toEqual(
        first.body,
      );
    }
    const unknown = await service.write('PUT', '/v1/users/new/plan', {
      plan: 'team',
      currency: 'XXX',
    });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown_currency' } });
  });

  it('adjusts, never below zero unless told to, and voids an adjustment once', async () => {
    const credit = { user_id: 'cal', period: '2026-10', amount_cents: -1_000, reason: 'outage' };
    const adjusted = await service.write<{ id: string; position: string }>(
      'POST',
      '/v1/adjustments',
      credit,
    );
    expect(adjusted).toMatchObject({
      status: 201,
      body: { amount_cents: -1_000, currency: 'TWD' },
    });
    expect(await summary('cal', '2026-10', adjusted.body.position)).toMatchObject({
      usage_cost_cents: 1_206,
      adjustments_cents: -1_000,
      cost_cents: 206,
    });
    const below = await service.write('POST', '/v1/adjustments', credit);
    expect(below).toMatchObject({ status: 409, body: { code: 'adjustment_below_zero' } });
    const allowed = { ...credit, amount_cents: -300, allow_negative: true };
    expect((await service.write('POST', '/v1/adjustments', allowed)).status).toBe(201);
    const undo = { ...credit, amount_cents: 1_000, reason: 'mistake', voids: adjusted.body.id };
    expect((await service.write('POST', '/v1/adjustments', undo)).status).toBe(201);
    const twice = await service.write('POST', '/v1/adjustments', undo);
    expect(twice).toMatchObject({ status: 409, body: { code: 'already_voided' } });
    const unknown = await service.write('POST', '/v1/adjustments', { ...undo, voids: 'none' });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown_adjustment' } });
  });

  it.each([
    [{ period: '2026-10', amount_cents: 1, reason: 'x' }, 'missing_field', '/user_id'],
    [
      { user_id: 'cal', period: '2026-13', amount_cents: 1, reason: 'x' },
      'invalid_field',
      '/period',
    ],
    [
      { user_id: 'cal', period: '2026-10', amount_cents: 0, reason: 'x' },
      'invalid_field',
      '/amount_cents',
    ],
    [
      { user_id: 'cal', period: '2026-10', amount_cents: 1.5, reason: 'x' },
      'invalid_field',
      '/amount_cents',
    ],
    [
      { user_id: 'cal', period: '2026-10', amount_cents: 1, reason: 'a\u0000' },
      'invalid_field',
      '/reason',
    ],
    [
      { user_id: 'cal', period: '2026-10', amount_cents: 1, reason: 'x', more: 1 },
      'unknown_field',
      '/more',
    ],
    [
      { user_id: 'cal', period: '2027-01', amount_cents: 1, reason: 'x' },
      'invalid_field',
      '/period',
    ],
    [
      JSON.parse(
        '{"user_id":"cal","period":"2026-10","amount_cents":1,"reason":"x","__proto__":{}}',
      ) as object,
      'unknown_field',
      '/__proto__',
    ],
  ])('refuses the adjustment %j', async (body, code, pointer) => {
    const refused = await service.write('POST', '/v1/adjustments', body);
    expect(refused).toMatchObject({ status: 422, body: { code, pointer } });
  });

  it('voids a session, so that its true facts can be sent under new ids', async () => {
    const wrong = completed({ session_id: 'v', user_id: 'eve' });
    await service.one(wrong);
    const path = '/v1/sessions/v/void';
    expect(
      (await service.write('POST', '/v1/sessions/nope/void', { reason: 'x' })).body,
    ).toMatchObject({
      status: 404,
      code: 'unknown_session',
    });
    const voided = await service.write<{ position: string }>('POST', path, {
      reason: 'wrong user',
    });
    expect(voided).toMatchObject({
      status: 201,
      body: { session_id: 'v', attempts: [], cost: '0' },
    });
    expect(await service.write('POST', path, { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'already_voided' },
    });
    expect(await summary('eve', '2026-10', voided.body.position)).toMatchObject({
      transcriptions: 0,
    });
    expect(await service.one(wrong)).toMatchObject({ status: 409, body: { code: 'fact_voided' } });
    const right = await service.one(completed({ session_id: 'v', user_id: 'fay' }));
    expect(right.status).toBe(201);
    const { body } = await service.get<{ user_id: string; usage_logs: { id: string }[] }>(
      `/v1/sessions/v?at_least=${right.body.position}`,
    );
    expect(body.user_id).toBe('fay');
    expect(body.usage_logs.map((log) => log.id)).toEqual(['v~1~1']);
  });

  it('closes a month that is over, once, and bills what arrives later in the next', async () => {
    const path = '/v1/billing-periods/2026-10/close';
    expect(await service.write('POST', path, {})).toMatchObject({
      status: 409,
      body: { code: 'period_not_over' },
    });
    expect(await service.write('POST', '/v1/billing-periods/9999-12/close', {})).toMatchObject({
      status: 409,
      body: { code: 'period_not_over' },
    });
    now = Date.parse('2026-11-03T00:00:00Z');
    await service.one(
      completed(
        { session_id: 'wait', attempt: 2, user_id: 'gus' },
        { time: '2026-10-30T00:00:00Z' },
      ),
    );
    expect(await service.write('POST', path, {})).toMatchObject({
      status: 409,
      body: { code: 'attempts_waiting' },
    });
    const closed = await service.write<{
      size: number;
      root: string;
      totals: { cost_cents: number }[];
    }>('POST', path, { force: true });
    expect(closed).toMatchObject({
      status: 201,
      body: {
        period: '2026-10',
        from: '2026-10-01T00:00:00.000Z',
        to: '2026-11-01T00:00:00.000Z',
        root: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      },
    });
    const { position: _, ...first } = closed.body as { position?: string };
    const again = await service.write('POST', path, {});
    expect(again).toMatchObject({ status: 200, body: first });

    const late = await service.one(
      completed({ session_id: 'late', user_id: 'cal' }, { time: '2026-10-21T10:00:00Z' }),
    );
    const log = (await service.get(`/v1/usage-logs/late~1?at_least=${late.body.position}`)).body;
    expect(log).toMatchObject({
      usage_period: '2026-10',
      billing_period: '2026-11',
      late: true,
      cost: '12',
    });
    expect(await summary('cal', '2026-10', late.body.position)).toMatchObject({
      closed: true,
      usage_cost_cents: 1_206,
    });
    expect(await summary('cal', '2026-11', late.body.position)).toMatchObject({
      closed: false,
      usage_cost_cents: 1_200,
    });
    const adjustment = { user_id: 'cal', period: '2026-10', amount_cents: 1, reason: 'x' };
    expect(await service.write('POST', '/v1/adjustments', adjustment)).toMatchObject({
      status: 409,
      body: { code: 'period_closed' },
    });
    expect(await service.write('POST', '/v1/sessions/v/void', { reason: 'x' })).toMatchObject({
      status: 409,
      body: { code: 'period_closed' },
    });
    const { body: periods } = await service.get<{ items: object[] }>('/v1/billing-periods');
    expect(periods.items).toMatchObject([
      { period: '2026-10', state: 'closed' },
      { period: '2026-11', state: 'open', size: null },
    ]);
  });

  it("reports a month, and draws a trend by days in the ledger's time zone", async () => {
    const { body: report } = await service.get<{
      totals: { currency: string; cost_cents: number }[];
      by_day: { cost_cents: number }[];
      by_provider: { cost_cents: number }[];
      by_plan: { cost_cents: number }[];
      top_users: { user_id: string }[];
    }>('/v1/reports/usage?period=2026-10');
    const usage = (report.totals as unknown as { usage_cost_cents: number }[])[0]!.usage_cost_cents;
    for (const group of [report.by_day, report.by_provider, report.by_plan]) {
      expect(group.reduce((sum, one) => sum + one.cost_cents, 0)).toBe(usage);
    }
    expect(report.top_users[0]!.user_id).toBe('cal');
    const { body: trend } = await service.get<{ points: { transcriptions: number }[] }>(
      '/v1/users/cal/usage-trend?from=2026-10-20T12:00:00Z&to=2026-10-23T00:00:00Z',
    );
    expect(trend.points).toMatchObject([
      {
        from: '2026-10-20T12:00:00.000Z',
        to: '2026-10-21T00:00:00.000Z',
        transcriptions: 1,
        cost: '0.06',
      },
      {
        from: '2026-10-21T00:00:00.000Z',
        to: '2026-10-22T00:00:00.000Z',
        transcriptions: 2,
        cost: '24',
      },
      {
        from: '2026-10-22T00:00:00.000Z',
        to: '2026-10-23T00:00:00.000Z',
        transcriptions: 0,
        cost: '0',
      },
    ]);
    const many = await service.get(
      '/v1/users/cal/usage-trend?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z',
    );
    expect(many).toMatchObject({ status: 400, body: { code: 'invalid_parameter' } });
    const missing = await service.get('/v1/users/cal/usage-trend?from=2026-10-01T00:00:00Z');
    expect(missing).toMatchObject({ status: 400, body: { pointer: '/to' } });
  });

  it('refuses an adjustment of an unknown user, unless the request says that the user is new', async () => {
    const order = { user_id: 'evee', period: '2026-11', amount_cents: 7, reason: 'a slip' };
    const refused = await service.write('POST', '/v1/adjustments', order);
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'unknown_user', pointer: '/user_id' },
    });
    await service.write('PUT', '/v1/users/planned/plan', { plan: 'pro' });
    // A fact names this user, though the session is another one's now.
    await service.one(completed({ session_id: 'moved', user_id: 'former' }));
    await service.write('POST', '/v1/sessions/moved/void', { reason: 'the wrong user' });
    await service.one(completed({ session_id: 'moved', user_id: 'someone' }));
    for (const one of [
      { ...order, new_user: true },
      { ...order, user_id: 'planned' },
      { ...order, user_id: 'former' },
    ]) {
      expect((await service.write('POST', '/v1/adjustments', one)).status).toBe(201);
    }
    // From now on the adjustment makes the user known.
    expect((await service.write('POST', '/v1/adjustments', order)).status).toBe(201);
  });

  it.each([
    'usage-summary?',
    'usage-history?',
    'usage-trend?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&',
  ])('answers 400 unknown_currency to %scurrency=XXX: no card has it', async (query) => {
    const answer = await service.get(`/v1/users/cal/${query}currency=XXX`);
    expect(answer).toMatchObject({
      status: 400,
      body: { code: 'unknown_currency', pointer: '/currency' },
    });
  });

  it('records two hundred simultaneous adjustments, each once', async () => {
    const order = {
      ...{ user_id: 'hal', new_user: true },
      ...{ period: '2026-11', amount_cents: 7, reason: 'many' },
    };
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, index) =>
        service.write<{ position: string }>(
          'POST',
          '/v1/adjustments',
          order,
          `many-${index % 100}`,
        ),
      ),
    );
    expect(answers.every((one) => one.status === 201)).toBe(true);
    const last = Math.max(...answers.map((one) => Number(one.body.position)));
    expect(await summary('hal', '2026-11', String(last))).toMatchObject({ adjustments_cents: 700 });
  });

  it('still knows a key after a restart and a rebuild, because it is in the event', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-test-'));
    const order = {
      ...{ user_id: 'ira', new_user: true },
      ...{ period: '2026-11', amount_cents: 5, reason: 'once' },
    };
    const first = await TestService.start({ dataDir, now: () => now });
    const answer = await first.write('POST', '/v1/adjustments', order, 'kept');
    await first.close();
    for (const file of ['read-models.db', 'read-models.db-wal', 'read-models.db-shm']) {
      rmSync(join(dataDir, file), { force: true });
    }
    const second = await TestService.start({ dataDir, now: () => now });
    const again = await second.write('POST', '/v1/adjustments', order, 'kept');
    expect(again).toMatchObject({ status: 201, body: answer.body });
    await second.close();
    rmSync(dataDir, { recursive: true });
  });

  it('explains a charge so that a person can redo it with a calculator', async () => {
    const card = {
      currency: 'EUR',
      effective_from: '2026-11-01T00:00:00Z',
      surcharges: { per_extra_speaker: '0.1', low_confidence: '0.2' },
      prices: {
        default: {
          increment_seconds: 15,
          extra_increments: 1,
          channels: 'each',
          tiers: [
            { up_to_minutes: '1', amount: '0.6' },
            { up_to_minutes: null, amount: '0.3', flat_amount: '0.5' },
          ],
        },
      },
    };
    await service.write('POST', '/v1/rate-cards', card);
    await service.write('PUT', '/v1/plans/half', { included_minutes: '0.5' });
    await service.write('PUT', '/v1/users/jo/plan', { plan: 'half', currency: 'EUR' });
    now += 60_000;
    const sent = await service.one(
      completed(
        {
          session_id: 'calc',
          user_id: 'jo',
          duration_seconds: 47,
          channels: 2,
          speaker_count: 4,
          confidence_score: 0.5,
        },
        { time: new Date(now).toISOString() },
      ),
    );
    const { body } = await service.get<{
      cost: string;
      cost_cents: number;
      explanation: { steps: Step[] };
    }>(`/v1/usage-logs/calc~1?at_least=${sent.body.position}`);
    const steps: Record<string, Step> = Object.fromEntries(
      body.explanation.steps.map((step) => [step.step, step]),
    );
    // 47 s are 4 increments of 15 s, one more makes 75 s, and two channels 150 s; 30 s are included.
    expect(steps['quantity']).toMatchObject({ channels_factor: 2, billed_seconds: '150' });
    expect(steps['allowance']).toMatchObject({
      left_before: '30',
      included_seconds: '30',
      charged_seconds: '120',
    });
    expect(steps['price']!.parts).toEqual([
      { seconds: '60', amount: '0.6', per_seconds: '60', flat_amount: '0' },
      { seconds: '60', amount: '0.3', per_seconds: '60', flat_amount: '0.5' },
    ]);
    expect(steps['surcharges']).toMatchObject({ factor: '1.44' });
    // (60 × 0.6 + 60 × 0.3) × 1.44 / 60 + 0.5
    expect(steps['cost']).toMatchObject({ cost: '1.796' });
    expect(steps['cents']).toMatchObject({
      running_total: '1.796',
      cents_before: 0,
      cost_cents: 180,
    });
    expect(body).toMatchObject({ cost: '1.796', cost_cents: 180 });
    for (const step of body.explanation.steps) expect(step.text).toMatch(/\.$/);
  });
});

describe('a close while others send', () => {
  it('loses nothing and counts nothing twice', async () => {
    const service = await TestService.start({ now: () => Date.parse('2026-11-02T00:00:00Z') });
    const batches = Array.from({ length: 40 }, (_, batch) =>
      Array.from({ length: 25 }, (_, index) =>
        completed(
          { session_id: `b${batch}-${index}`, user_id: `u${index % 5}`, duration_seconds: 61 },
          { time: `2026-10-${String(1 + (index % 28)).padStart(2, '0')}T10:00:00Z` },
        ),
      ),
    );
    const sending = batches.map(async (events, index) => {
      await new Promise((resolve) => setTimeout(resolve, index * 4));
      return service.batch(events);
    });
    await new Promise((resolve) => setTimeout(resolve, 60));
    const close = await service.write<{
      size: number;
      totals: { transcriptions: number; cost_cents: number }[];
    }>('POST', '/v1/billing-periods/2026-10/close', {});
    expect(close.status).toBe(201);
    const answers = await Promise.all(sending);
    const last = Math.max(...answers.map((one) => Number(one.body.position)));
    const counted = { '2026-10': { logs: 0, cents: 0 }, '2026-11': { logs: 0, cents: 0 } };
    for (let user = 0; user < 5; user += 1) {
      for (const period of ['2026-10', '2026-11'] as const) {
        const { body } = await service.get<{ transcriptions: number; cost_cents: number }>(
          `/v1/users/u${user}/usage-summary?period=${period}&at_least=${last}`,
        );
        counted[period].logs += body.transcriptions;
        counted[period].cents += body.cost_cents;
      }
    }
    expect(counted['2026-10'].logs + counted['2026-11'].logs).toBe(1_000);
    expect(counted['2026-10']).toEqual({
      logs: close.body.totals[0]?.transcriptions ?? 0,
      cents: close.body.totals[0]?.cost_cents ?? 0,
    });
    // Every event before the close, except the ledger's opening, is a log of the closed month.
    expect(counted['2026-10'].logs).toBe(close.body.size - 1);
    await service.close();
  });
});
