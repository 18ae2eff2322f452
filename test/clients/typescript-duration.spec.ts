import fc from 'fast-check';

import { durationSeconds, isClientError } from '../../clients/typescript/src/index.js';
import { Decimal } from '../../src/domain/money';
import { secondsField } from '../../src/domain/events/fields';

/** An independent calculation: decimal.js with as many digits as it needs. */
const Exact = Decimal.clone({ precision: 2_000, rounding: Decimal.ROUND_HALF_EVEN });
const rounded = (value: InstanceType<typeof Exact>) =>
  value.toDecimalPlaces(9, Decimal.ROUND_HALF_EVEN).toFixed();

describe('a duration', () => {
  it.each([
    [12.5, '12.5'],
    [0, '0'],
    [0.1 + 0.2, '0.3'],
    [1e-7, '0.0000001'],
    [5e-324, '0'],
    ['0042.500', '42.5'],
    ['1e2', '100'],
    ['7.0000000005', '7'],
    ['7.0000000015', '7.000000002'],
    [{ frames: 441_001, rate: 44_100 }, '10.000022676'],
    [{ frames: 0, rate: 48_000 }, '0'],
    [{ frames: 1, rate: 1_024 }, '0.000976562'],
    [{ frames: 3, rate: 1_024 }, '0.002929688'],
    [{ frames: 10n ** 30n, rate: 10n ** 28n }, '100'],
  ])('of %p is written as %s', (duration, text) => {
    expect(durationSeconds(duration)).toBe(text);
  });

  it('of frames is the exact quotient, rounded once, for any number of frames and any rate', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 31), fc.integer({ min: 1, max: 400_000 }), (frames, rate) => {
        expect(durationSeconds({ frames, rate })).toBe(rounded(new Exact(frames).div(rate)));
      }),
      { numRuns: 2_000 },
    );
  });

  it('given as a number is the decimal that JavaScript prints, which is what the ledger reads', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 36_000, noNaN: true }), (seconds) => {
        expect(durationSeconds(seconds)).toBe(rounded(new Exact(String(seconds))));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is always one that the ledger accepts', () => {
    const field = secondsField(36_000);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 35_999, noNaN: true }), (seconds) => {
        expect(field.check(durationSeconds(seconds))).toEqual({ ok: durationSeconds(seconds) });
      }),
    );
  });

  it.each([
    -1,
    NaN,
    Infinity,
    '',
    ' 5',
    '5s',
    '-1',
    '1e9999',
    '0x10',
    { frames: 1.5, rate: 44_100 },
    { frames: 1, rate: 0 },
    { frames: -1, rate: 1 },
    { frames: 2 ** 53, rate: 1 },
    null,
    undefined,
  ])('rejects %p', (nonsense) => {
    let thrown: unknown;
    try {
      durationSeconds(nonsense as number);
    } catch (error) {
      thrown = error;
    }
    expect(isClientError(thrown, 'invalid_field')).toBe(true);
  });
});
