import Ajv from 'ajv/dist/2020';

import { TestService } from '../support/service';

/** The service accepts exactly the bodies that the document allows. */
describe('a body, in the OpenAPI document and in the service', () => {
  let service: TestService;
  const ajv = new Ajv({ strict: false, validateFormats: false });
  beforeAll(async () => {
    service = await TestService.start({ now: () => Date.parse('2026-10-20T00:00:00Z') });
    ajv.addSchema({ $id: 'api', ...(await service.get('/openapi.json')).body });
    await service.write('POST', '/v1/rate-cards', priced({ amount: '1' }));
  });
  afterAll(() => service.close());

  const priced = (entry: object, card: object = {}) => ({
    currency: 'EUR',
    prices: { default: entry },
    ...card,
  });
  const tier = (upTo: unknown, amount: unknown = '1') => ({ up_to_minutes: upTo, amount });
  const adjusted = (fields: object) => ({
    user_id: 'ann',
    period: '2026-09',
    amount_cents: 5,
    reason: 'x',
    ...fields,
  });
  const alert = (fields: object) => ({ name: 'a', metric: 'cost_cents', ...fields });
  const webhook = (fields: object) => ({
    url: 'https://8.8.8.8/',
    types: ['minutebook.adjustment.recorded'],
    name: 'a receiver',
    ...fields,
  });
  const compared = (fields: object) => ({
    provider: 'google',
    period: '2026-09',
    lines: [{ session_id: 'a', duration_seconds: 90 }],
    ...fields,
  });
  const amounts = ['0', '0.10', '1.50', '100', 0.03, 5, '999999999.000000000001'].map((amount) =>
    priced({ amount }),
  );
  /** Values at the ends of each range of a card's decimals, and values beyond them. */
  const inRange = (name: string, values: readonly unknown[]) =>
    values.map((value) =>
      /per_seconds|increment|minimum/.test(name)
        ? priced({ amount: '1', [name]: value })
        : priced({ amount: '1' }, { surcharges: { [name]: value } }),
    );
  const noAmounts = ['-1', '+1', '01', '1.', '.5', '1e3', ' 1', '', -1, true, '1.0000000000001'];

  type Case = [schema: string, method: 'POST' | 'PUT', path: string, good: object[], bad: object[]];
  const cases: Case[] = [
    [
      'RateCardBody',
      'POST',
      '/v1/rate-cards',
      [
        ...amounts.slice(0, -1),
        priced({ amount: '1', per_seconds: '60.0', minimum_seconds: null, tiers: null }),
        priced({ tiers: [tier('1.50'), tier('2.0'), tier(null)] }),
        priced({ tiers: [{ ...tier(null), flat_amount: null }] }),
        priced({ amount: 1 }, { rounding: null, surcharges: null, effective_from: null }),
        priced({ amount: 1 }, { surcharges: { low_confidence: '0.20', speakers_included: null } }),
        ...inRange('per_seconds', ['0.001', 0.001, '1000000000.0', 1e9]),
        ...inRange('increment_seconds', ['0.000001', 0.001, '36000.00', 36_000]),
        ...inRange('minimum_seconds', ['0.00', 0, '35999.999', '36000', 36_000]),
        ...inRange('per_extra_speaker', ['0', 0, '99.9', '100.0', 100]),
        ...inRange('low_confidence', ['0', 0, '99.9', '100.0', 100]),
        ...inRange('confidence_threshold', ['0', 0, '0.99', '1.00', 1]),
      ],
      [
        ...noAmounts.map((amount) => priced({ amount })),
        ...noAmounts.map((amount) => priced({ amount: '1', per_seconds: amount })),
        priced({ amount: '1', extra_increments: 1.5 }),
        priced({ amount: '1', channels: 'EACH' }),
        priced({ amount: '1', nonsense: 1 }),
        priced({ tiers: [] }),
        priced({ tiers: [{ up_to_minutes: null }] }),
        priced({ amount: 1 }, { currency: 'eur' }),
        priced({ amount: 1 }, { prices: {} }),
        priced({ amount: 1 }, { prices: null }),
        priced({ amount: 1 }, { prices: { Google: { amount: '1' } } }),
        priced({ amount: 1 }, { surcharges: { speakers_included: -1 } }),
        ...inRange('per_seconds', ['0', '0.000', 0, '0.0009', 0.0009, '1000000000.1', 1e9 + 1]),
        ...inRange('increment_seconds', ['0', '0.0', 0, '36000.01', 36_000.5, '99999', '100000']),
        ...inRange('minimum_seconds', [-0.1, '36000.01', 36_001, '40000']),
        ...inRange('per_extra_speaker', [-0.1, '100.1', 100.5, '1000']),
        ...inRange('low_confidence', [-0.1, '100.1', 100.5, '1000']),
        ...inRange('confidence_threshold', [-0.1, '1.01', 1.5, '2']),
      ],
    ],
    [
      'PlanBody',
      'PUT',
      '/v1/plans/$',
      [
        {},
        { minutes: '10.50', sessions: null, export_formats: ['TXT', 'json'] },
        { included_minutes: null, minutes: 10, file_size_bytes: 0 },
        { sessions: Number.MAX_SAFE_INTEGER, export_formats: [] },
      ],
      [
        { minutes: '-1' },
        { minutes: '1.0000000001' },
        { sessions: '3' },
        { sessions: 1.5 },
        { sessions: 2 ** 53 },
        { export_formats: 'json' },
        { export_formats: ['a b'] },
        { nonsense: 1 },
      ],
    ],
    [
      'AssignPlanBody',
      'PUT',
      '/v1/users/ann/plan',
      [{ plan: 'PRO' }, { plan: 'free', effective_from: null, currency: null }],
      [{}, { plan: '' }, { plan: 5 }, { plan: 'a b' }, { plan: 'pro', currency: 'twd' }],
    ],
    [
      'DefaultPlanBody',
      'PUT',
      '/v1/default-plan',
      [{ plan: 'Free' }, { plan: 'free', effective_from: '2026-10-20T08:00:00+08:00' }],
      [{ effective_from: null }, { plan: null }, { plan: 'free', currency: 'TWD' }],
    ],
    [
      'AdjustmentBody',
      'POST',
      '/v1/adjustments',
      [adjusted({}), adjusted({ amount_cents: 1e12 }), adjusted({ reference: null, voids: null })],
      [
        adjusted({ amount_cents: 0 }),
        adjusted({ amount_cents: 1.5 }),
        adjusted({ amount_cents: '5' }),
        adjusted({ amount_cents: 1e12 + 1 }),
        adjusted({ user_id: '..' }),
        adjusted({ user_id: 'a b' }),
        adjusted({ period: '2026-13' }),
        adjusted({ reason: '' }),
        adjusted({ reason: 'a\u0007' }),
        adjusted({ reason: null }),
        adjusted({ allow_negative: 'yes' }),
        adjusted({ voids: 'ü' }),
      ],
    ],
    ['VoidBody', 'POST', '/v1/sessions/none/void', [], [{}, { reason: null }, { reason: '' }]],
    [
      'KeyBody',
      'POST',
      '/v1/keys',
      [
        { role: 'producer', name: 'a', source: 'my/', user_id: null, expires_at: null },
        { role: 'reader', name: 'ü', user_id: 'ann' },
        { role: 'admin', name: 'x'.repeat(128), expires_at: '2099-01-01T00:00:00+08:00' },
      ],
      [
        { role: 'root', name: 'a' },
        { role: 'reader' },
        { role: 'reader', name: '' },
        { role: 'reader', name: 'x'.repeat(129) },
        { role: 'reader', name: 'a\u0007' },
        { role: 'reader', name: 'a', user_id: '..' },
        { role: 'producer', name: 'a', source: '' },
        { role: 'producer', name: 'a', nonsense: 1 },
      ],
    ],
    [
      'AlertBody',
      'POST',
      '/v1/alerts',
      [alert({ threshold: '1.50' }), alert({ metric: 'sessions', share_of_limit: '0.8' })],
      [
        alert({ threshold: '0' }),
        alert({ threshold: 5 }),
        alert({ threshold: '1', metric: 'nonsense' }),
        alert({ threshold: '1', user_id: '..' }),
        alert({ threshold: '1', currency: 'eur' }),
        alert({ threshold: '1', name: '' }),
        alert({ threshold: '1', nonsense: 1 }),
      ],
    ],
    [
      'WebhookBody',
      'POST',
      '/v1/webhooks',
      [webhook({}), webhook({ enabled: false }), webhook({ enabled: null })],
      [
        webhook({ url: 5 }),
        webhook({ types: [] }),
        webhook({ types: ['nonsense'] }),
        webhook({ types: null }),
        webhook({ name: 'x'.repeat(129) }),
        webhook({ enabled: 'yes' }),
      ],
    ],
    [
      'ReplayBody',
      'POST',
      '/v1/audit/replays',
      [{}, { user_id: 'ann', period: '2026-09', as_of: null }, { as_of: '1' }],
      [{ user_id: '..' }, { period: '0001-01' }, { as_of: 1 }, { nonsense: 1 }],
    ],
    [
      'RehearsalBody',
      'POST',
      '/v1/audit/rehearsals',
      [{ plans: { team: {} }, rate_cards: null }, { rate_cards: [priced({ amount: '2' })] }],
      [{ rate_cards: {} }, { plans: [] }, { plans: { team: { minutes: '-1' } } }],
    ],
    [
      'ReconciliationBody',
      'POST',
      '/v1/audit/reconciliations',
      [compared({}), compared({ provider: 'GOOGLE', match: '/a~1b', tolerance_seconds: '0.5' })],
      [
        compared({ provider: 'a b' }),
        compared({ period: '2026-13' }),
        compared({ match: 'a' }),
        compared({ match: '/a~2' }),
        compared({ tolerance_seconds: '-1' }),
        compared({ lines: null }),
      ],
    ],
    [
      'EraseBody',
      'POST',
      '/v1/users/ann/erase',
      [],
      [{}, { reason: null }, { reason: '' }, { reason: 'a\u0007' }, { reason: 'x', nonsense: 1 }],
    ],
    [
      'CloseBody',
      'POST',
      '/v1/billing-periods/2026-08/close',
      [{}, { force: null }, { force: true }],
      [{ force: 'yes' }, { nonsense: 1 }],
    ],
  ];

  const judged: [string, Case, object, boolean][] = cases.flatMap((one) => [
    ...one[3].map((body): [string, Case, object, boolean] => ['is good', one, body, true]),
    ...one[4].map((body): [string, Case, object, boolean] => ['is bad', one, body, false]),
  ]);
  let number = 0;

  it.each(judged.map((one) => [one[1][0], one[0], JSON.stringify(one[2]), one] as const))(
    'of %s %s: %s',
    async (_name, _is, _text, [, [schema, method, path], body, isGood]) => {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${schema}` });
      number += 1;
      const { status } = await service.write(method, path.replace('$', `plan-${number}`), body);
      expect({ document: validate(body), service: status < 300 }).toEqual({
        document: isGood,
        service: isGood,
      });
      if (!isGood) expect(status).toBe(422);
    },
  );
});
