import fc from 'fast-check';

import { reference } from '../../src/checker/derivation/reference';
import type * as Place from '../../src/domain/billing/place';
import { ledgerHistory } from '../generators/ledgers';
import { billOf } from '../support/bill';
import { NOW, projected, projectedForgetting } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';

/** Makes every other log begin a stretch, so that the short statements of generated ledgers have many stretches. */
jest.mock('../../src/domain/billing/place', () => {
  const actual = jest.requireActual<typeof Place>('../../src/domain/billing/place');
  return {
    ...actual,
    beginsStretch: (sessionId: string, attempt: number) =>
      (sessionId.charCodeAt(sessionId.length - 1) + attempt) % 2 === 0,
  };
});

/** For a long search: `RUNS=20000 npx jest test/laws`. */
const RUNS = Number(process.env['RUNS'] ?? 150);

describe('statements of many stretches', () => {
  it.each([false, true])('give the bill of the naive reference, with gaps: %s', async (gaps) => {
    let marks = 0;
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory({ gaps, maxSessions: 9 }),
        fc.integer({ min: 1, max: 12 }),
        async (entries, pageSize) => {
          const store = await storeOf(entries);
          const expected = reference(entries, NOW);
          const rows = await projected(store, pageSize);
          marks += rows.marks;
          const bill = billOf(rows, expected);
          const logs = expected.logs.map((log) => ({ ...log, rate_card_id: 'same' }));
          expect(bill).toEqual({ ...expected, logs });
        },
      ),
      { numRuns: RUNS },
    );
    expect(marks).toBeGreaterThan(RUNS);
  });

  it('have the same rows wherever pages end, and whatever is still in memory', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory({ gaps: false, maxSessions: 9 }),
        fc.integer({ min: 1, max: 12 }),
        async (entries, pageSize) => {
          const store = await storeOf(entries);
          const rows = await projected(store, 10_000);
          expect((await projected(store, pageSize)).all).toBe(rows.all);
          expect((await projectedForgetting(store, { every: pageSize })).all).toBe(rows.all);
          expect((await projectedForgetting(store, { kept: pageSize })).all).toBe(rows.all);
        },
      ),
      { numRuns: RUNS },
    );
  });
});
