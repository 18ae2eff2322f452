import { parse } from 'csv-parse/sync';

import { faults, HAS_HLEDGER, hledger } from '../support/hledger';
import { completed, TestService, type Problem } from '../support/service';

const withHledger = HAS_HLEDGER ? it : it.skip;
type Row = Readonly<Record<string, string>>;

describe('exports of a period', () => {
  let service: TestService;
  let now = Date.parse('2026-10-20T00:00:00Z');
  let voided: string;

  const read = async (query: string) => {
    const response = await service.fetch(`/v1/audit/export?${query}`);
    return { status: response.status, headers: response.headers, text: await response.text() };
  };
  const csv = async (period: string, format: string): Promise<Row[]> => {
    const { text } = await read(`period=${period}&format=${format}`);
    return parse(text, { columns: true });
  };

  beforeAll(async () => {
    service = await TestService.start({ now: () => now });
    const send = async (data: object, time: string) => {
      const { body } = await service.one(completed({ ...data }, { time }));
      return body.position;
    };
    await send(
      {
        session_id: 'a:b@c.d',
        user_id: '-ann:x@example.com',
        duration_seconds: 90,
        original_filename: '=cmd|"x"!A1',
        provider_metadata: { nested: { a: [1, '=2'] } },
      },
      '2026-09-05T10:00:00Z',
    );
    await send({ session_id: 's2', user_id: 'bob', duration_seconds: 0 }, '2026-09-05T11:00:00Z');
    await service.write('PUT', '/v1/users/eve/plan', { plan: 'pro' });
    const credit = await service.write<{ id: string }>('POST', '/v1/adjustments', {
      user_id: 'bob',
      period: '2026-09',
      amount_cents: 7,
      reason: '=HYPERLINK("http://x");  善意 | (x)\u00a0; date:1',
      reference: "'quoted",
    });
    voided = credit.body.id;
    await service.write('POST', '/v1/billing-periods/2026-09/close', {});
    now += 86_400_000;
    await send(
      { session_id: 'late', user_id: 'bob', duration_seconds: 60 },
      '2026-09-30T23:00:00Z',
    );
    await send(
      { session_id: 'oct', user_id: 'bob', duration_seconds: 600 },
      '2026-10-19T23:00:00Z',
    );
    const last = await service.write<{ position: string }>('POST', '/v1/adjustments', {
      user_id: 'bob',
      period: '2026-10',
      amount_cents: -7,
      reason: 'it was wrong',
      voids: voided,
    });
    await service.get(`/v1/audit/pending?at_least=${last.body.position}`);
  });
  afterAll(() => service.close());

  it('are files with a name, a media type and their position in the ledger', async () => {
    const { status, headers } = await read('period=2026-10&format=focus');
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
    expect(headers.get('content-disposition')).toBe(
      'attachment; filename="minutebook-2026-10.focus.csv"',
    );
    expect(headers.get('minutebook-position')).toMatch(/^\d+$/);
    const head = await service.fetch(`/v1/audit/export?period=2026-10&format=csv`, {
      method: 'HEAD',
    });
    expect(head.status).toBe(200);
  });

  it('NDJSON: one line per log or adjustment, with every field on each', async () => {
    const { text } = await read('period=2026-10&format=ndjson');
    const rows = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(rows.map((row) => [row['record'], row['session_id'], row['late']])).toEqual([
      ['usage_log', 'oct', false],
      ['usage_log', 'late', true],
      ['adjustment', null, null],
    ]);
    expect(rows[2]).toMatchObject({
      user_id: 'bob',
      billing_period: '2026-10',
      cost_cents: -7,
      currency: 'TWD',
      reason: 'it was wrong',
      reference: null,
      voids: voided,
    });
    expect(new Set(rows.map((row) => Object.keys(row).join())).size).toBe(1);
  });

  it('CSV: formulas are neutralised, numbers are numbers, objects are JSON', async () => {
    const rows = await csv('2026-09', 'csv');
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatchObject({
      user_id: "'-ann:x@example.com",
      session_id: 'a:b@c.d',
      original_filename: '\'=cmd|"x"!A1',
      provider_metadata: '{"nested":{"a":[1,"=2"]}}',
      billable: 'true',
      cost_cents: '6',
      cost: '0.06',
      reason: '',
    });
    expect(rows[2]).toMatchObject({
      reason: '\'=HYPERLINK("http://x");  善意 | (x)\u00a0; date:1',
      reference: "''quoted",
      cost_cents: '7',
    });
    const credit = (await csv('2026-10', 'csv'))[2]!;
    expect(credit['cost_cents']).toBe('-7');
  });

  it('FOCUS: a void of an adjustment of an earlier period is a correction of that period', async () => {
    const rows = await csv('2026-10', 'focus');
    expect(rows[0]).toMatchObject({
      BilledCost: '0.3',
      EffectiveCost: '0.3',
      ListCost: '0.3',
      ChargeCategory: 'Usage',
      ChargeClass: '',
      PricingQuantity: '10',
      PricingUnit: 'Minutes',
      ListUnitPrice: '0.03',
      ChargePeriodStart: '2026-10-19T23:00:00Z',
      ChargePeriodEnd: '2026-10-19T23:00:01Z',
    });
    expect(rows[2]).toMatchObject({
      BilledCost: '-0.07',
      ChargeCategory: 'Credit',
      ChargeClass: 'Correction',
      BillingPeriodStart: '2026-10-01T00:00:00Z',
      ChargePeriodStart: '2026-09-01T00:00:00Z',
      ChargePeriodEnd: '2026-10-01T00:00:00Z',
      PricingQuantity: '',
    });
  });

  withHledger(
    'hledger: passes its strict checks and adds up, with both months in one journal',
    async () => {
      const september = (await read('period=2026-09&format=hledger')).text;
      const october = (await read('period=2026-10&format=hledger')).text;
      for (const journal of [september, october, september + october]) {
        expect(faults(journal)).toBe('');
      }
      expect(september).toContain('revenues:2026-09:usage  0.00 TWD = -0.06 TWD');
      const { stdout } = hledger(
        ['balance', 'assets:receivable', '--no-total', '-O', 'csv'],
        september + october,
      );
      expect(stdout).toContain('"assets:receivable:-ann%3Ax@example.com","0.06 TWD"');
      expect(stdout).toContain('"assets:receivable:bob","0.33 TWD"');
      // Late usage and the void are dated by when they were recorded.
      expect(october).toMatch(/^2026-10-21 \(late~1\) late transcription/m);
      // hledger's assertion detects a changed amount.
      const changed = september
        .replace('x@example.com  0.06 TWD', 'x@example.com  0.05 TWD')
        .replace('usage  -0.06 TWD', 'usage  -0.05 TWD');
      expect(faults(changed)).toMatch(/assertion/);
    },
  );

  it.each([
    ['format=csv', '/period'],
    ['period=2026-13&format=csv', '/period'],
    ['period=2026-10', '/format'],
    ['period=2026-10&format=xml', '/format'],
    ['period=2026-10&format=csv&user=x', '/user'],
    ['period=2026-10&format=csv&as_of=99999', '/as_of'],
  ])('refuses %s', async (query, pointer) => {
    const { status, text } = await read(query);
    expect(status).toBe(400);
    expect(JSON.parse(text) as Problem).toMatchObject({ code: 'invalid_parameter', pointer });
  });

  it('as of a position are what was known then, and empty before there was anything', async () => {
    const { text } = await read('period=2026-10&format=ndjson&as_of=2026-10-20T12:00:00Z');
    expect(text).toBe('');
  });
});
