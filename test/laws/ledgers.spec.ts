import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import fc from 'fast-check';

import type { Drafts } from '../../src/domain/account/drafts';
import { parseRateCard } from '../../src/domain/rating/rate-card';
import { ledgerHistory } from '../generators/ledgers';
import { reference, type LedgerEntry } from '../../src/checker/derivation/reference';
import { billOf } from '../support/bill';
import {
  NOW,
  projected,
  projectedForgetting,
  projectedInParts,
  rehearsed,
  type Rows,
} from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';
import { assertUntilSeen } from '../support/until-seen';

/** For a long search: `RUNS=20000 npx jest test/laws`. */
const RUNS = Number(process.env['RUNS'] ?? 300);

const ledger = ledgerHistory({ gaps: false });
/** Ledgers of several instances, in which others record between what a close counts and the close itself. */
const gappedLedger = ledgerHistory({ gaps: true });

describe('the laws (docs/reference/laws.md), over whole ledgers: cards, plans, adjustments, voids and closes', () => {
  it.each([
    ['of the naive reference', ledger],
    ['of the reference if events stand between what a close counted and the close', gappedLedger],
  ])('give the bill %s', async (_, histories) => {
    await fc.assert(
      fc.asyncProperty(histories, fc.integer({ min: 1, max: 12 }), async (entries, pageSize) => {
        const store = await storeOf(entries);
        const expected = reference(entries, NOW);
        const bill = billOf(await projected(store, pageSize), expected);
        const logs = expected.logs.map((log) => ({ ...log, rate_card_id: 'same' }));
        expect(bill).toEqual({ ...expected, logs });
      }),
      { numRuns: RUNS },
    );
  });

  it('law 1: any order of facts around cards, plans and adjustments gives the same bills', async () => {
    const told = ledger.chain((entries) => {
      const end = entries.findIndex((entry) => entry.type === 'session.voided');
      const kept = (end < 0 ? entries : entries.slice(0, end)).filter(
        (entry) => entry.type !== 'billing_period.closed',
      );
      const facts = kept.filter((entry) => entry.type === 'fact');
      const shuffled = fc.shuffledSubarray(facts, { minLength: facts.length });
      return fc.tuple(fc.constant(kept), shuffled);
    });
    await fc.assert(
      fc.asyncProperty(told, async ([entries, facts]) => {
        const rest = [...facts];
        const other = entries.map((entry) => (entry.type === 'fact' ? rest.shift()! : entry));
        const one = await projected(await storeOf(entries), 1_000);
        const two = await projected(await storeOf(other), 3);
        expect(withoutPlaces(two)).toEqual(withoutPlaces(one));
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it('law 4: the rows are the same wherever pages end, including the Merkle tree', async () => {
    await fc.assert(
      fc.asyncProperty(ledger, fc.integer({ min: 1, max: 12 }), async (entries, pageSize) => {
        const store = await storeOf(entries);
        const rows = await projected(store, pageSize);
        expect((await projected(store, 10_000)).all).toBe(rows.all);
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  it('law 4: the rows are the same whatever is still in memory', async () => {
    const every = fc.integer({ min: 1, max: 6 });
    await fc.assert(
      fc.asyncProperty(ledger, every, async (entries, events) => {
        const store = await storeOf(entries);
        const rows = await projected(store, 1_000);
        expect((await projectedForgetting(store, { every: events })).all).toBe(rows.all);
        expect((await projectedForgetting(store, { kept: events })).all).toBe(rows.all);
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  it('law 4: the rows are the same in however many parts those of an event are written', async () => {
    let parts = 0;
    await assertUntilSeen(
      fc.asyncProperty(ledger, fc.constantFrom(1, 1, 2), async (entries, sessionsAPart) => {
        const store = await storeOf(entries);
        const rows = await projected(store, 1_000);
        const written = await projectedInParts(store, sessionsAPart);
        expect(written.rows.all).toBe(rows.all);
        parts += written.parts;
      }),
      Math.ceil(RUNS / 2),
      () => expect(parts).toBeGreaterThan(RUNS / 30),
    );
  });

  it('law 4: the rows of a rehearsal are the same whatever is still in memory', async () => {
    const words = [
      { prices: { default: { amount: '0.6' } }, retry_after_failure: 'bill' },
      { prices: { google: { amount: '0.03' } }, retry_after_failure: 'free' },
    ];
    const drafts = (some: object): Drafts => ({
      cards: ['TWD', 'USD', 'EUR', 'JPY'].map((currency) => ({
        card: {
          ...parseRateCard({ currency, ...some }, 0),
          rate_card_id: `draft-${currency}`,
        },
        replaces: true,
      })),
      plans: {},
    });
    let differ = 0;
    await assertUntilSeen(
      fc.asyncProperty(
        ledger,
        fc.constantFrom(...words),
        fc.integer({ min: 1, max: 3 }),
        async (entries, some, every) => {
          const store = await storeOf(entries);
          const { once, forgetting } = await rehearsed(store, drafts(some), every);
          expect(forgetting).toBe(once);
          if ((await projected(store, 1_000)).all !== once) differ += 1;
        },
      ),
      Math.ceil(RUNS / 2),
      () => expect(differ).toBeGreaterThan(RUNS / 10),
    );
  });

  it('law 4: a void removes a log that reached another volume tier right after a restart', async () => {
    const path = join(__dirname, '../fixtures/volume-tier-after-restart.json');
    const entries = JSON.parse(readFileSync(path, 'utf8')) as LedgerEntry[];
    const store = await storeOf(entries);
    const rows = await projected(store, 1_000);
    expect((await projectedForgetting(store, { every: 2 })).all).toBe(rows.all);
  });

  it('law 5: the state as of a position is what the reference derives from the events up to it', async () => {
    await fc.assert(
      fc.asyncProperty(ledger, fc.nat(), async (entries, place) => {
        const size = 1 + (place % entries.length);
        const store = await storeOf(entries);
        const expected = reference(entries.slice(0, size), NOW);
        const bill = billOf(await projected(store, 1_000, size), expected);
        const logs = expected.logs.map((log) => ({ ...log, rate_card_id: 'same' }));
        expect(bill).toEqual({ ...expected, logs });
      }),
      { numRuns: Math.ceil(RUNS / 2) },
    );
  });

  it('laws 3 and 8: cents add up in every currency, and nothing after a close changes its numbers', async () => {
    await fc.assert(
      fc.asyncProperty(ledger, async (entries) => {
        const store = await storeOf(entries);
        const final = await projected(store, 1_000);
        for (const { user_id, period, currency, counts } of final.statements) {
          const own = final.logs.filter(
            (log) =>
              log.user_id === user_id && log.billing_period === period && log.currency === currency,
          );
          expect(own.reduce((sum, log) => sum + log.cost_cents, 0)).toBe(counts.usage_cost_cents);
        }
        for (const [index, entry] of entries.entries()) {
          if (entry.type !== 'billing_period.closed') continue;
          const then = await projected(store, 1_000, index + 1);
          expect(numbersOf(final, entry.period)).toEqual(numbersOf(then, entry.period));
        }
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });
});

/** The rows without positions, which depend on the order of recording. */
function withoutPlaces(rows: Rows): object {
  const strip = <T extends { position: string }>({ position: _, ...rest }: T) => rest;
  return {
    logs: rows.logs.map(strip),
    waiting: rows.waiting.map(strip),
    statements: rows.statements,
  };
}

/** The statements of a period, and its logs without the fields that a late `started` may fill in. */
function numbersOf(rows: Rows, period: string): object {
  const described = { client_id: null, language: null, original_filename: null, started_at: null };
  const more = { enable_diarization: null, file_size_bytes: null, provider_metadata: null };
  return {
    logs: rows.logs
      .filter((log) => log.billing_period === period)
      .map((log) => ({ ...log, ...described, ...more })),
    statements: rows.statements.filter((one) => one.period === period),
  };
}
