import fc from 'fast-check';

import type { BundleScope } from '../../src/bundles/scope';
import type { LedgerEntry } from '../../src/checker/derivation/reference';
import { ledgerHistory } from '../generators/ledgers';
import { BundledLedger, check, EVERYTHING, makeSigner } from '../support/bundled';

/** For a long search: `RUNS=2000 npx jest test/bundles`. */
const RUNS = Number(process.env['RUNS'] ?? 40);

const ledgers = ledgerHistory({ gaps: true });

/** Every scope in which a ledger has something, and one scope that is empty. */
function scopesOf(entries: readonly LedgerEntry[]): BundleScope[] {
  const users = new Set<string>(['nobody']);
  const periods = new Set<string>(['2031-01']);
  for (const entry of entries) {
    if (entry.type === 'fact') {
      users.add(entry.event.data['user_id'] as string);
      periods.add(entry.event.time.slice(0, 7));
    }
    if (entry.type === 'billing_period.closed' || entry.type === 'usage.adjusted') {
      periods.add(entry.period);
    }
  }
  const ofPeriods = [...periods].map((period) => ({ period, user_id: null }));
  const ofUsers = [...users].map((user_id) => ({ period: null, user_id }));
  const both = ofUsers.flatMap(({ user_id }) =>
    ofPeriods.map(({ period }) => ({ period, user_id })),
  );
  return [EVERYTHING, ...ofPeriods, ...ofUsers, ...both];
}

describe('bundles of generated ledgers', () => {
  it("pass the check for every period, every user, both and neither, with the ledger's key", async () => {
    const signer = await makeSigner();
    await fc.assert(
      fc.asyncProperty(ledgers, fc.integer({ min: 1, max: 12 }), async (entries, pageSize) => {
        const ledger = await BundledLedger.of(entries, signer);
        for (const scope of scopesOf(entries)) {
          const { lines, written } = await ledger.bundle(scope, pageSize);
          const report = check(lines, signer.verifierKey);
          expect({ scope, problems: report.problems }).toEqual({ scope, problems: [] });
          expect(report).toMatchObject({ holds: true, signature: 'given_key' });
          expect(written.events + written.left_out).toBe(entries.length);
        }
      }),
      { numRuns: RUNS },
    );
  });
});
