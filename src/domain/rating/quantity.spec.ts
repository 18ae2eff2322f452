import { Decimal, print } from '../money';
import { billedSeconds, channelsFactor } from './quantity';
import { parseRateCard } from './rate-card';

function billed(price: Record<string, string | number>, duration: string, channels = 1): string {
  const card = parseRateCard({ currency: 'USD', prices: { default: { amount: 1, ...price } } }, 0);
  return print(billedSeconds(card.prices['default']!, new Decimal(duration), channels));
}

describe('the billed quantity', () => {
  it.each([
    [{}, '0', '0'],
    [{ minimum_seconds: 60, extra_increments: 3 }, '0', '0'],
    [{}, '0.000000001', '1'],
    [{ increment_seconds: 60 }, '60', '60'],
    [{ increment_seconds: 60 }, '60.000000001', '120'],
    [{ increment_seconds: 15, increment_rounding: 'half_up' }, '22.5', '30'],
    [{ increment_seconds: 15, increment_rounding: 'half_up' }, '22.499999999', '15'],
    [{ increment_seconds: 15, increment_rounding: 'down' }, '29.9', '15'],
    [{ increment_seconds: 15, increment_rounding: 'down', minimum_seconds: 20 }, '20', '20'],
    [{ increment_seconds: 15, minimum_seconds: 20 }, '1', '30'],
    [{ increment_seconds: '0.1' }, '0.25', '0.3'],
    [{ increment_seconds: 6, extra_increments: 2 }, '7', '24'],
    [{ minimum_seconds: 15, increment_seconds: 1 }, '15.2', '16'],
  ])('under %j, %s s are billed as %s s', (price, duration, seconds) => {
    expect(billed(price, duration)).toBe(seconds);
  });

  it.each([
    ['ignore', 5, 1],
    ['each', 5, 5],
    ['pairs', 1, 1],
    ['pairs', 2, 1],
    ['pairs', 3, 2],
    ['pairs', 4, 2],
  ] as const)('with %s, %i channels count %i times', (mode, channels, factor) => {
    expect(channelsFactor(mode, channels)).toBe(factor);
    const price = { channels: mode, extra_increments: 1 };
    expect(billed(price, '9', channels)).toBe(String(10 * factor));
  });
});
