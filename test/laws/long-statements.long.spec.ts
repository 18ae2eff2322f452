import fc from 'fast-check';

import { reference, type CloudEvent, type RawCard } from '../../src/checker/derivation/reference';
import { STRETCH } from '../../src/domain/billing/place';
import { CENTS_ROUNDINGS, type CentsRounding } from '../../src/domain/money';
import { billOf } from '../support/bill';
import {
  LedgerInMemory,
  NOW,
  openingTerms,
  projectedForgetting,
} from '../support/ledger-in-memory';

/** For a long search: `RUNS=200 npx jest test/laws/long`. */
const RUNS = Number(process.env['RUNS'] ?? 3);

const FROM = Date.parse('2026-10-01T00:00:00Z');
const HOUR_MS = 3_600_000;
const tiers = [
  { up_to_minutes: '200', amount: '0.024', flat_amount: '1.005' },
  { up_to_minutes: '900', amount: '0.0171', flat_amount: '0.3333' },
  { up_to_minutes: null, amount: '0.015' },
];

/** Prices under which a statement's logs depend on one another in every possible way. */
const PRICES: Readonly<Record<string, RawCard['prices'][string]>> = {
  'whole cents': { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 },
  'fractions of a cent': { amount: '0.0171' },
  'volume tiers': { tier_mode: 'volume', tiers },
  'graduated tiers': { tier_mode: 'graduated', tiers },
};

function completed(number: number, time: number, seconds: number): CloudEvent {
  return {
    specversion: '1.0',
    id: `fact-${number}`,
    source: 'worker',
    type: 'transcription.session.completed',
    time: new Date(time).toISOString(),
    data: {
      session_id: `session-${number}`,
      user_id: 'ann',
      stt_provider: ['google', 'deepgram', 'whisper'][number % 3]!,
      duration_seconds: seconds,
    },
  };
}

interface Case {
  readonly rounding: CentsRounding;
  readonly included: string;
  readonly count: number;
  readonly seed: number;
  readonly pageSize: number;
}

const cases = fc.record<Case>({
  rounding: fc.constantFrom(...CENTS_ROUNDINGS),
  included: fc.constantFrom('0', '0', '75.5', '100000'),
  count: fc.constantFrom(1, STRETCH - 1, STRETCH, STRETCH + 1, 255, 256, 257, 600),
  seed: fc.nat(2 ** 31),
  pageSize: fc.constantFrom(7, 64, 300),
});

const EXAMPLES: [Case][] = [
  [{ rounding: 'half_even', included: '0', count: 1_000, seed: 1, pageSize: 100 }],
  [{ rounding: 'up', included: '75.5', count: 257, seed: 2, pageSize: 20 }],
];

/** Facts of one month in no order of time; in some hours, several of them coincide. */
function factsOf({ count, seed }: Case): CloudEvent[] {
  let state = seed;
  const random = (below: number) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  return Array.from({ length: count }, (_, number) =>
    completed(number, FROM + random(600) * HOUR_MS, random(3_000) / 10),
  );
}

describe('statements of many logs, recorded in no order of time', () => {
  it.each(Object.entries(PRICES))('give the bill of the reference: %s', async (_, price) => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const plans = { free: { included_minutes: one.included } };
        const prices = { default: price };
        const card: RawCard = {
          rate_card_id: 'card',
          currency: 'TWD',
          effective_from: '1970-01-01T00:00:00Z',
          rounding: one.rounding,
          prices,
        };
        const ledger = await LedgerInMemory.open(openingTerms([card], plans));
        const events = factsOf(one);
        await ledger.send(events);
        const expected = reference(
          [
            {
              type: 'ledger.opened',
              recorded_at: NOW,
              billing_time_zone: 'UTC',
              rate_cards: [card],
              plans,
            },
            ...events.map((event) => ({ type: 'fact' as const, recorded_at: NOW, event })),
          ],
          NOW,
        );
        const rows = await ledger.rows(one.pageSize);
        const logs = expected.logs.map((log) => ({ ...log, rate_card_id: 'same' }));
        expect(billOf(rows, expected)).toEqual({ ...expected, logs });
        expect((await ledger.rows(10_000)).all).toBe(rows.all);
        if (one.count < 300)
          expect((await projectedForgetting(ledger.store, { every: 1 })).all).toBe(rows.all);
      }),
      { numRuns: RUNS, examples: EXAMPLES },
    );
  });
});
