import fc from 'fast-check';

import { Decimal, print } from '../../src/domain/money';
import { delivery, factHistory, rateCard } from '../generators/histories';
import {
  reference,
  type CloudEvent,
  type LedgerEntry,
  type RawCard,
  type RawPlan,
} from '../../src/checker/derivation/reference';
import { LedgerInMemory, NOW, openingTerms, type Rows } from '../support/ledger-in-memory';
import { billOf } from '../support/bill';

/** For a long search: `RUNS=20000 npx jest test/laws`. */
const RUNS = Number(process.env['RUNS'] ?? 400);

const PLANS: Record<string, RawPlan> = { free: { included_minutes: '3' } };

interface History {
  readonly card: RawCard;
  readonly events: CloudEvent[];
  readonly batches: CloudEvent[][];
  readonly other: CloudEvent[][];
  readonly pageSize: number;
}

const history: fc.Arbitrary<History> = fc
  .tuple(rateCard(), factHistory(), fc.integer({ min: 1, max: 12 }))
  .chain(([card, events, pageSize]) =>
    fc.record({
      card: fc.constant(card),
      events: fc.constant(events),
      batches: delivery(events),
      other: delivery(events),
      pageSize: fc.constant(pageSize),
    }),
  );

async function told(card: RawCard, batches: readonly CloudEvent[][]) {
  const ledger = await LedgerInMemory.open(openingTerms([card], PLANS), 'Asia/Taipei');
  const recorded: { position: number; event: CloudEvent }[] = [];
  for (const batch of batches) {
    const verdicts = await ledger.send(batch);
    verdicts.forEach((verdict, index) => {
      if (verdict.status === 'rejected') throw new Error(JSON.stringify(verdict.refusal));
      if (verdict.status === 'recorded') {
        recorded.push({ position: verdict.position, event: batch[index]! });
      }
    });
  }
  // One request appends the events of a session together, so ledger order may differ from the order sent.
  recorded.sort((a, b) => a.position - b.position);
  return { ledger, recorded: recorded.map((one) => one.event) };
}

function entriesOf(card: RawCard, facts: readonly CloudEvent[]): LedgerEntry[] {
  return [
    {
      type: 'ledger.opened',
      recorded_at: NOW,
      billing_time_zone: 'Asia/Taipei',
      rate_cards: [card],
      plans: PLANS,
    },
    ...facts.map((event): LedgerEntry => ({ type: 'fact', recorded_at: NOW, event })),
  ];
}

/** The rows without positions, which depend on the order of recording. */
function withoutPlaces(rows: Rows): object {
  const strip = <T extends { position: string }>({ position: _, ...rest }: T) => rest;
  return {
    logs: rows.logs.map(strip),
    waiting: rows.waiting.map(strip),
    statements: rows.statements,
  };
}

describe('the laws (docs/reference/laws.md), over generated histories', () => {
  it('give the bill of the naive reference, in any order and in any batches', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, batches, pageSize }) => {
        const { ledger, recorded } = await told(card, batches);
        const expected = reference(entriesOf(card, recorded), NOW);
        const bill = billOf(await ledger.rows(pageSize), expected);
        const logs = expected.logs.map((log) => ({ ...log, rate_card_id: 'same' }));
        expect(bill).toEqual({ ...expected, logs });
      }),
      { numRuns: RUNS },
    );
  });

  it('law 1: any permutation, repetition and batching gives the same logs and summaries', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, batches, other, pageSize }) => {
        const one = await told(card, batches);
        const two = await told(card, other);
        const rows = await one.ledger.rows(pageSize);
        const again = await two.ledger.rows(1);
        const cardIds = /"rate_card_id":"[^"]*"/g;
        expect(JSON.stringify(withoutPlaces(again)).replace(cardIds, '')).toEqual(
          JSON.stringify(withoutPlaces(rows)).replace(cardIds, ''),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('law 2: an attempt has at most one usage log, and each sent event is recorded once', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, events, batches }) => {
        const { ledger, recorded } = await told(card, batches);
        const { logs } = await ledger.rows(100);
        const attempts = logs.map((log) => `${log.session_id} ${log.attempt}`);
        expect(new Set(attempts).size).toBe(attempts.length);
        expect(recorded).toHaveLength(events.length);
      }),
      { numRuns: Math.ceil(RUNS / 4) },
    );
  });

  it("law 3: the logs' cents add up to the summary's, which is the exact cost rounded once", async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, batches, pageSize }) => {
        const { ledger } = await told(card, batches);
        const rows = await ledger.rows(pageSize);
        for (const { user_id, period, currency, counts } of rows.statements) {
          const logs = rows.logs.filter(
            (log) =>
              log.user_id === user_id && log.billing_period === period && log.currency === currency,
          );
          const cost = logs.reduce((sum, log) => sum.plus(log.cost), new Decimal(0));
          expect(counts.usage_cost_cents).toBe(logs.reduce((sum, log) => sum + log.cost_cents, 0));
          expect(counts.cost).toBe(print(cost));
          const off = cost.times(100).minus(counts.usage_cost_cents).abs();
          expect(off.lt(1)).toBe(true);
        }
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it('law 4: read models rebuilt from nothing equal the live ones, row for row, wherever pages end', async () => {
    await fc.assert(
      fc.asyncProperty(history, async ({ card, batches, pageSize }) => {
        const { ledger } = await told(card, batches);
        const rows = await ledger.rows(pageSize);
        const rebuilt = await ledger.rows(10_000);
        expect(rebuilt.all).toBe(rows.all);
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });
});
