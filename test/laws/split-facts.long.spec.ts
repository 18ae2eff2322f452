import fc from 'fast-check';

import { ledgerHistory } from '../generators/ledgers';
import { projected, projectedSplit } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';

/** For a long search: `RUNS=20000 npx jest test/laws`. */
const RUNS = Number(process.env['RUNS'] ?? 150);

describe('law 4: users folded in parallel', () => {
  it.each([1, 2, 4])('give the same rows with %d folders', async (folders) => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory({ gaps: false, maxSessions: 9 }),
        fc.integer({ min: 1, max: 12 }),
        fc.integer({ min: 1, max: 4 }),
        async (entries, pageSize, least) => {
          const store = await storeOf(entries);
          const rows = await projected(store, 10_000);
          expect((await projectedSplit(store, { pageSize, folders, least })).all).toBe(rows.all);
        },
      ),
      { numRuns: RUNS / 3 },
    );
  });

  it('give the same rows if a close counts fewer events than come before it', async () => {
    await fc.assert(
      fc.asyncProperty(
        ledgerHistory({ gaps: true, maxSessions: 9 }),
        fc.integer({ min: 1, max: 12 }),
        async (entries, pageSize) => {
          const store = await storeOf(entries);
          const rows = await projected(store, 10_000);
          const split = await projectedSplit(store, { pageSize, folders: 2, least: 1 });
          expect(split.all).toBe(rows.all);
        },
      ),
      { numRuns: RUNS / 3 },
    );
  });
});
