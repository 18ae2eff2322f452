import { RefusedError } from '../errors';
import type { Json } from '../events/facts';
import { parseRateCard, SHIPPED_CARD } from './rate-card';
import { rateStatement } from './statement';

const card = (price: Json, more: Record<string, Json> = {}): Json => ({
  currency: 'USD',
  prices: { default: price },
  ...more,
});

function refusal(raw: Json): { code: string; pointer: string | undefined } {
  try {
    parseRateCard(raw, 0);
  } catch (error) {
    const { code, pointer } = (error as RefusedError).refusal;
    return { code, pointer };
  }
  throw new Error('The card was accepted.');
}

describe('a rate card', () => {
  it('fills in every default', () => {
    expect(parseRateCard(card({ amount: 0.5 }), Date.parse('2026-10-05T10:00:00Z'))).toEqual({
      currency: 'USD',
      effective_from: '2026-10-05T10:00:00.000Z',
      rounding: 'half_up',
      retry_after_failure: 'bill_first_success',
      surcharges: {},
      prices: {
        default: {
          per_seconds: '60',
          increment_seconds: '1',
          increment_rounding: 'up',
          minimum_seconds: '0',
          channels: 'ignore',
          extra_increments: 0,
          amount: '0.5',
        },
      },
    });
  });

  it('ships with the documented prices', () => {
    const { prices, surcharges } = parseRateCard(SHIPPED_CARD, 0);
    expect(prices['default']).toMatchObject({ amount: '0.03', increment_seconds: '60' });
    expect(prices['assemblyai']).toMatchObject({ amount: '0.02', minimum_seconds: '60' });
    expect(surcharges).toMatchObject({ speakers_included: 2, low_confidence: '0.2' });
  });

  it.each<[says: string, raw: Json, pointer: string]>([
    ['a list instead of an object', [], ''],
    ['no currency', { prices: {} }, '/currency'],
    ['a currency in lower case', { currency: 'usd', prices: {} }, '/currency'],
    ['no prices', { currency: 'USD' }, '/prices'],
    ['empty prices', { currency: 'USD', prices: {} }, '/prices'],
    ['an unknown field', card({ amount: 1 }, { colour: 'red' }), '/colour'],
    ['an entry without a price', card({}), '/prices/default'],
    [
      'both amount and tiers',
      card({ amount: 1, tiers: [{ up_to_minutes: null, amount: 1 }] }),
      '/prices/default',
    ],
    ['a negative amount', card({ amount: '-0.1' }), '/prices/default/amount'],
    [
      'a number with thirteen decimals',
      card({ amount: '0.0000000000001' }),
      '/prices/default/amount',
    ],
    ['a number with an exponent', card({ amount: '1e3' }), '/prices/default/amount'],
    ['a per_seconds of 0', card({ amount: 1, per_seconds: 0 }), '/prices/default/per_seconds'],
    [
      'an increment_seconds of 0',
      card({ amount: 1, increment_seconds: '0' }),
      '/prices/default/increment_seconds',
    ],
    [
      'an impossible minimum',
      card({ amount: 1, minimum_seconds: -1 }),
      '/prices/default/minimum_seconds',
    ],
    ['an unknown rounding', card({ amount: 1 }, { rounding: 'ceil' }), '/rounding'],
    ['an unknown channels mode', card({ amount: 1, channels: 'both' }), '/prices/default/channels'],
    [
      'a tier mode without tiers',
      card({ amount: 1, tier_mode: 'volume' }),
      '/prices/default/tier_mode',
    ],
    ['an empty list of tiers', card({ tiers: [] }), '/prices/default/tiers'],
    [
      'a last tier with an upper bound',
      card({ tiers: [{ up_to_minutes: 5, amount: 1 }] }),
      '/prices/default/tiers/0/up_to_minutes',
    ],
    [
      'descending tiers',
      card({
        tiers: [
          { up_to_minutes: 5, amount: 1 },
          { up_to_minutes: 4, amount: 1 },
          { up_to_minutes: null, amount: 1 },
        ],
      }),
      '/prices/default/tiers/1/up_to_minutes',
    ],
    [
      'overlapping tiers',
      card({
        tiers: [
          { up_to_minutes: 5, amount: 1 },
          { up_to_minutes: '5.0', amount: 1 },
          { up_to_minutes: null, amount: 1 },
        ],
      }),
      '/prices/default/tiers/1/up_to_minutes',
    ],
    [
      'a tier without an amount',
      card({ tiers: [{ up_to_minutes: null }] }),
      '/prices/default/tiers/0/amount',
    ],
    [
      'a time without an offset',
      card({ amount: 1 }, { effective_from: '2026-10-05T00:00:00' }),
      '/effective_from',
    ],
    [
      'an entry name in capitals',
      { currency: 'USD', prices: { Google: { amount: 1 } } },
      '/prices/Google',
    ],
    ['a field whose name needs escapes', card({ amount: 1, 'a/b~': 1 }), '/prices/default/a~1b~0'],
    [
      'a minimum longer than any recording',
      card({ amount: 1, minimum_seconds: 36_001 }),
      '/prices/default/minimum_seconds',
    ],
    [
      'an increment longer than any recording',
      card({ amount: 1, increment_seconds: '36000.5' }),
      '/prices/default/increment_seconds',
    ],
    [
      'a price for almost no time',
      card({ amount: 1, per_seconds: '0.0001' }),
      '/prices/default/per_seconds',
    ],
    [
      'an amount that could make a log cost more than cents can hold',
      card({ amount: '999999999999999' }),
      '/prices/default/amount',
    ],
    [
      'a tier that could make a log cost more than cents can hold',
      card({
        tiers: [
          { up_to_minutes: 5, amount: 1 },
          { up_to_minutes: null, amount: '10000000000' },
        ],
      }),
      '/prices/default/tiers/1/amount',
    ],
    [
      'flat amounts that could make a log cost more than cents can hold',
      card({
        tiers: [
          { up_to_minutes: 5, amount: 1, flat_amount: '600000000000' },
          { up_to_minutes: null, amount: 1, flat_amount: '600000000000' },
        ],
      }),
      '/prices/default/tiers/1/flat_amount',
    ],
    [
      'a surcharge that makes an amount impossible',
      card({ amount: '200000000' }, { surcharges: { per_extra_speaker: '1' } }),
      '/prices/default/amount',
    ],
    ...(
      [
        ['speakers_included', -1],
        ['speakers_included', 1.5],
        ['speakers_included', '2'],
        ['per_extra_speaker', '-0.1'],
        ['per_extra_speaker', 101],
        ['confidence_threshold', '1.1'],
        ['confidence_threshold', 'high'],
        ['low_confidence', true],
      ] as const
    ).map(([name, value]): [string, Json, string] => [
      `${name} ${value}`,
      card({ amount: 1 }, { surcharges: { [name]: value } }),
      `/surcharges/${name}`,
    ]),
  ])('is refused with %s', (_, raw, pointer) => {
    expect(refusal(raw)).toEqual({ code: 'invalid_rate_card', pointer });
  });

  it.each<[given: Json, kept: object]>([
    [{ speakers_included: 3 }, { speakers_included: 3 }],
    [{ confidence_threshold: '0.50' }, { confidence_threshold: '0.5' }],
    [{ per_extra_speaker: '0.1' }, { speakers_included: 2, per_extra_speaker: '0.1' }],
    [{ low_confidence: 0.2 }, { confidence_threshold: '0.8', low_confidence: '0.2' }],
    [{ speakers_included: null, low_confidence: null }, {}],
  ])('with the surcharges %j keeps %j', (surcharges, kept) => {
    expect(parseRateCard(card({ amount: 1 }, { surcharges }), 0).surcharges).toEqual(kept);
  });

  it.each<[says: string, price: Json, surcharges: Json]>([
    ['a price of 1,500 won an hour', { amount: '1500', per_seconds: 3600, channels: 'each' }, {}],
    ['a price of 4 yen a minute', { amount: '4', channels: 'each' }, { per_extra_speaker: '0.1' }],
    [
      'a price of 600 dong a minute',
      { amount: '600', channels: 'each' },
      { per_extra_speaker: '0.1' },
    ],
    [
      'a minimum of ten hours',
      { amount: 1, minimum_seconds: 36_000, increment_seconds: 36_000 },
      {},
    ],
    ['a price per month', { amount: '1000000000', per_seconds: 2_592_000 }, {}],
    ['a price per tenth of a second', { amount: '0.0004', per_seconds: '0.1' }, {}],
  ])('may have %s', (_, price, surcharges) => {
    expect(() => parseRateCard(card(price, { surcharges }), 0)).not.toThrow();
  });

  it('charges less than 10^14 cents for the most expensive log under the most expensive card', () => {
    // 36,000 s of 1,000 channels at 1,666,666.6 a minute: just below 10^12.
    const parsed = parseRateCard(card({ amount: '1666666.6', channels: 'each' }), 0);
    const [rated] = rateStatement([
      {
        billable: true,
        provider: 'any',
        durationSeconds: '36000',
        channels: 1_000,
        speakerCount: 10_000,
        confidenceScore: 0,
        card: { rate_card_id: 'highest', ...parsed },
        includedMinutes: '0',
      },
    ]);
    expect(rated!.costCents).toBe(99_999_996_000_000);
    expect(refusal(card({ amount: '1666666.7', channels: 'each' }))).toMatchObject({
      pointer: '/prices/default/amount',
    });
  });
});
