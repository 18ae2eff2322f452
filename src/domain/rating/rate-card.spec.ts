import { RefusedError } from '../errors';
import type { Json } from '../events/facts';
import { parseRateCard, SHIPPED_CARD } from './rate-card';

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
  throw new Error('The card was taken.');
}

describe('a rate card', () => {
  it('has every default filled in', () => {
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

  it('ships with the prices of the contract', () => {
    const { prices, surcharges } = parseRateCard(SHIPPED_CARD, 0);
    expect(prices['default']).toMatchObject({ amount: '0.03', increment_seconds: '60' });
    expect(prices['assemblyai']).toMatchObject({ amount: '0.02', minimum_seconds: '60' });
    expect(surcharges).toMatchObject({ speakers_included: 2, low_confidence: '0.2' });
  });

  it.each<[says: string, raw: Json, pointer: string]>([
    ['a list', [], ''],
    ['no currency', { prices: {} }, '/currency'],
    ['a currency in small letters', { currency: 'usd', prices: {} }, '/currency'],
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
    ['thirteen decimals', card({ amount: '0.0000000000001' }), '/prices/default/amount'],
    ['an exponent', card({ amount: '1e3' }), '/prices/default/amount'],
    ['no seconds', card({ amount: 1, per_seconds: 0 }), '/prices/default/per_seconds'],
    [
      'no increment',
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
    ['no tier', card({ tiers: [] }), '/prices/default/tiers'],
    [
      'a last tier that ends',
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
      'an entry in capitals',
      { currency: 'USD', prices: { Google: { amount: 1 } } },
      '/prices/Google',
    ],
  ])('is refused with %s', (_, raw, pointer) => {
    expect(refusal(raw)).toEqual({ code: 'invalid_rate_card', pointer });
  });
});
