import fc from 'fast-check';

import type { RawCard, RawPrice, RawTier } from '../../src/checker/derivation/ledger';

const amount = fc.oneof(
  fc.constantFrom('0', '0.03', '0.0043', '0.006', '0.1', '1', '0.000000000001', '2.5'),
  fc.nat(999_999).map((digits) => `0.${String(digits).padStart(6, '0')}`.replace(/\.?0+$/, '')),
);

const flat = fc.constantFrom('0', '0.5', '1', '0.001');

/** Bounds small enough for a few sessions to reach. */
const tiers: fc.Arbitrary<RawTier[]> = fc
  .tuple(
    fc.subarray(['0.25', '0.5', '1', '2', '3.5', '5', '10', '20'], { minLength: 0, maxLength: 3 }),
    fc.array(fc.record({ amount, flat_amount: fc.option(flat, { nil: undefined }) }), {
      minLength: 4,
      maxLength: 4,
    }),
  )
  .map(([bounds, prices]) =>
    [...bounds, null].map((up_to_minutes, at) => ({
      up_to_minutes,
      ...withoutUndefined(prices[at]!),
    })),
  );

function withoutUndefined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}

const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

/**
 * Unless `oddMinimum` is set, `increment_seconds` divides any larger `minimum_seconds`. Otherwise "never below the
 * minimum" and "a whole `increment_seconds`" together could be read in two ways.
 */
const price = (oddMinimum: boolean): fc.Arbitrary<RawPrice> =>
  fc
    .tuple(
      fc.record({
        per_seconds: optional(fc.constantFrom(60, 15, 3600, 7, 0.5)),
        increment_seconds: optional(fc.constantFrom(1, 6, 15, 60, 0.5, 0.1, 7.5)),
        increment_rounding: optional(fc.constantFrom('up' as const, 'half_up', 'down')),
        channels: optional(fc.constantFrom('ignore' as const, 'each', 'pairs')),
        extra_increments: optional(fc.constantFrom(0, 1, 2)),
      }),
      optional(fc.constantFrom(0, 1, 2, 15)),
      fc.oneof(
        { weight: 2, arbitrary: amount.map((one): RawPrice => ({ amount: one })) },
        {
          weight: 3,
          arbitrary: fc
            .tuple(tiers, optional(fc.constantFrom('graduated' as const, 'volume', 'volume')))
            .map(([list, tier_mode]): RawPrice => ({ tiers: list, tier_mode })),
        },
      ),
    )
    .map(([quantity, minimum, money]) =>
      withoutUndefined<RawPrice>({
        ...quantity,
        minimum_seconds:
          minimum === undefined || oddMinimum
            ? minimum
            : minimum * (quantity.increment_seconds ?? 1),
        ...money,
      }),
    );

export interface CardOptions {
  rate_card_id?: string;
  currency?: string;
  effective_from?: string;
  /** Includes minimums that are not a whole number of increments: see `price`. */
  oddMinimum?: boolean;
  /** Only cards with a price for every provider, so that nothing is ever unrated. */
  alwaysDefault?: boolean;
}

/** Any valid card. Without a `default`, some providers have no price on it, and are unrated. */
export function rateCard(options: CardOptions = {}): fc.Arbitrary<RawCard> {
  const { rate_card_id = 'card-0', currency = 'TWD', oddMinimum = false } = options;
  const one = price(oddMinimum);
  return fc
    .record({
      rounding: optional(fc.constantFrom('half_up' as const, 'half_even', 'up', 'down')),
      retry_after_failure: optional(
        fc.constantFrom('bill_first_success' as const, 'bill_first_success', 'free', 'bill'),
      ),
      surcharges: optional(
        fc
          .record({
            speakers_included: optional(fc.constantFrom(0, 1, 2, 3)),
            per_extra_speaker: optional(fc.constantFrom('0.01', '0.003333333333', '1')),
            confidence_threshold: optional(fc.constantFrom('0.8', '0.79', '1')),
            low_confidence: optional(fc.constantFrom('0.20', '0.000000000001')),
          })
          .map(withoutUndefined),
      ),
      google: one,
      assemblyai: optional(one),
      deepgram: optional(one),
      hasDefault: options.alwaysDefault ? fc.constant(true) : fc.boolean(),
      fallback: one,
    })
    .map(({ google, assemblyai, deepgram, hasDefault, fallback, ...card }) =>
      withoutUndefined<RawCard>({
        rate_card_id,
        currency,
        effective_from: options.effective_from ?? '1970-01-01T00:00:00Z',
        ...card,
        prices: withoutUndefined({
          google,
          assemblyai,
          deepgram,
          default: hasDefault ? fallback : undefined,
        }) as Record<string, RawPrice>,
      }),
    )
    .filter(isBounded);
}

/** Whether even the most expensive recording stays well below what a card may charge for one log. */
function isBounded({ surcharges, prices }: RawCard): boolean {
  const factor = 2 + 10_000 * Number(surcharges?.per_extra_speaker ?? 0);
  return Object.values(prices).every(({ per_seconds, amount: one, tiers: list }) => {
    const highest = Math.max(Number(one ?? 0), ...(list ?? []).map((tier) => Number(tier.amount)));
    return (37_000 * 1_000 * factor * highest) / Number(per_seconds ?? 60) < 9e9;
  });
}
