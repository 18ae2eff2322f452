import fc from 'fast-check';

import { rateCard } from '../../../test/generators/rate-cards';
import type { Json } from '../events/facts';
import { centsOf, minutesOf, parsePico, pico, printPico } from '../pico';
import { CENTS_ROUNDINGS, Decimal, print, toCents, toMinutes } from '../money';
import { parseRateCard } from '../rating/rate-card';
import { rateStatement } from '../rating/statement';
import { chargeOf, Rater } from './charge';
import { NOTHING_RATED } from './running-state';

/** For a long search: `RUNS=20000 npx jest src/domain/billing`. */
const RUNS = Number(process.env['RUNS'] ?? 1_000);

const log = fc.record({
  billable: fc.boolean(),
  stt_provider: fc.constantFrom('google', 'deepgram', 'whisper', 'assemblyai'),
  duration_seconds: fc.oneof(
    fc.integer({ min: 0, max: 36_000 }).map(String),
    fc.integer({ min: 1, max: 10 ** 9 }).map((nanos) => print(new Decimal(nanos).div(10 ** 6))),
    fc.constantFrom('60', '15', '0.000000001', '3600', '36000'),
  ),
  channels: fc.integer({ min: 1, max: 5 }),
  speaker_count: fc.option(fc.integer({ min: 0, max: 6 })),
  confidence_score: fc.option(
    fc.oneof(
      fc.constantFrom(0, 0.8, 0.5, 1e-7, 0.1 + 0.2),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  ),
});

describe('rating in whole multiples of 10^-12', () => {
  it('gives what the decimal reference gives, to the last digit', () => {
    fc.assert(
      fc.property(
        rateCard(),
        fc.constantFrom('0', '0', '3', '0.1', '600'),
        fc.array(log, { minLength: 1, maxLength: 60 }),
        (raw, includedMinutes, logs) => {
          const { rate_card_id, ...written } = raw;
          const card = { rate_card_id, ...parseRateCard(written as unknown as Json, 0) };
          const priced = logs.filter(
            ({ stt_provider }) => stt_provider in card.prices || 'default' in card.prices,
          );
          const reference = rateStatement(
            priced.map((one) => ({
              billable: one.billable,
              provider: one.stt_provider,
              durationSeconds: one.duration_seconds,
              channels: one.channels,
              speakerCount: one.speaker_count,
              confidenceScore: one.confidence_score,
              card,
              includedMinutes,
            })),
          );
          const charged = reference.at(-1)?.after.charged ?? new Map<string, Decimal>();
          const totals = new Map([...charged].map(([name, value]) => [name, pico(print(value))]));
          const rater = new Rater(NOTHING_RATED, totals);
          for (const [at, one] of priced.entries()) {
            const charge = chargeOf({ ...one, currency: 'TWD' }, card, includedMinutes);
            const expected = reference[at]!;
            // Twice: a cost cached for a tier must equal the computed one.
            const again = new Rater(rater.state, totals).rate(charge);
            const rated = rater.rate(charge);
            expect(rated).toEqual(again);
            expect(printPico(charge?.billed ?? 0n)).toBe(print(expected.billedSeconds));
            expect(printPico(rated.included)).toBe(print(expected.includedSeconds));
            expect(printPico(rated.cost)).toBe(print(expected.cost));
            expect(rated.cents).toBe(expected.costCents);
          }
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('reads and prints decimals, rounds them to cents and shows minutes as the reference does', () => {
    const digits = fc.bigInt({ min: 0n, max: 10n ** 24n });
    fc.assert(
      fc.property(digits, fc.constantFrom(...CENTS_ROUNDINGS), (value, rounding) => {
        const decimal = new Decimal(String(value)).div(new Decimal(10).pow(12));
        expect(printPico(value)).toBe(print(decimal));
        expect(parsePico(printPico(-value))).toBe(-value);
        expect(centsOf(value, rounding)).toBe(toCents(decimal, rounding));
        expect(minutesOf(value)).toBe(toMinutes(decimal));
      }),
      { numRuns: RUNS },
    );
    for (const half of ['0.005', '0.015', '0.025', '0', '0.01']) {
      for (const rounding of CENTS_ROUNDINGS) {
        expect(centsOf(pico(half), rounding)).toBe(toCents(new Decimal(half), rounding));
      }
    }
  });

  it('refuses more decimals, and totals that a JSON number cannot hold', () => {
    expect(() => pico('0.0000000000001')).toThrow(RangeError);
    expect(() => centsOf(pico('90071992547410'), 'half_up')).toThrow(RangeError);
  });
});
