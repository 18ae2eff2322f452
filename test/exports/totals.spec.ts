import fc from 'fast-check';

import { EXPORT_FORMATS } from '../../src/exports/formats';
import { ledgerHistory } from '../generators/ledgers';
import { add, ADD_UP, sorted, type Totals } from '../support/added-up';
import { exportsOf } from '../support/exported';
import { faults, HAS_HLEDGER } from '../support/hledger';
import { projected, type Rows } from '../support/ledger-in-memory';
import { storeOf } from '../support/stored-ledger';

/** `RUNS=5000 npx jest test/exports --testTimeout 3600000` for a long search. */
const RUNS = Number(process.env['RUNS'] ?? 40);
const PERIODS = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'];
const withHledger = HAS_HLEDGER ? it : it.skip;

const ledger = ledgerHistory({ gaps: false });

/** What the summaries of a period say. */
function summariesOf(rows: Rows, period: string): Totals {
  const totals: Totals = new Map();
  for (const one of rows.statements.filter((statement) => statement.period === period)) {
    const { cost_cents, adjustments_cents } = one.counts;
    add(totals, one.user_id, one.currency, cost_cents + adjustments_cents);
  }
  return totals;
}

describe('exports of generated ledgers: late logs, adjustments, voids, several currencies, closed periods', () => {
  it('add up to the summaries in every format, by user and currency, in every period', async () => {
    let seen = 0;
    await fc.assert(
      fc.asyncProperty(ledger, async (entries) => {
        const store = await storeOf(entries);
        const rows = await projected(store, 1_000);
        const exported = await exportsOf(store);
        for (const period of PERIODS) {
          const expected = sorted(summariesOf(rows, period));
          for (const format of EXPORT_FORMATS) {
            const totals = sorted(ADD_UP[format](await exported(period, format)));
            expect([format, totals]).toEqual([format, expected]);
          }
          seen += expected.length;
        }
        expect(rows.statements.filter((one) => !PERIODS.includes(one.period))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(seen).toBeGreaterThan(RUNS / 2);
  });

  it('have every log and adjustment once', async () => {
    await fc.assert(
      fc.asyncProperty(ledger, async (entries) => {
        const store = await storeOf(entries);
        const rows = await projected(store, 1_000);
        const exported = await exportsOf(store);
        const ids: string[] = [];
        for (const period of PERIODS) {
          const text = await exported(period, 'ndjson');
          for (const line of text.split('\n').slice(0, -1)) {
            ids.push((JSON.parse(line) as { id: string }).id);
          }
        }
        const adjusted = entries.flatMap((entry) =>
          entry.type === 'usage.adjusted' ? [entry.adjustment_id] : [],
        );
        expect(ids.sort()).toEqual([...rows.logs.map((log) => log.id), ...adjusted].sort());
      }),
      { numRuns: Math.ceil(RUNS / 3) },
    );
  });

  withHledger(
    'are journals that hledger takes, all months as one: strict, in order, an assertion per closed period',
    async () => {
      let assertions = 0;
      await fc.assert(
        fc.asyncProperty(ledger, async (entries) => {
          const exported = await exportsOf(await storeOf(entries));
          const journals: string[] = [];
          for (const period of PERIODS) journals.push(await exported(period, 'hledger'));
          const journal = journals.join('');
          expect(faults(journal)).toBe('');
          assertions += journal.match(/ = /g)?.length ?? 0;
        }),
        { numRuns: Math.ceil(RUNS / 2) },
      );
      expect(assertions).toBeGreaterThan(0);
    },
  );
});
