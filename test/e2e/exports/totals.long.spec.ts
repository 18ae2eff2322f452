import { parse } from 'csv-parse/sync';
import fc from 'fast-check';

import { Decimal, print } from '../../../src/domain/money';
import { EXPORT_FORMATS } from '../../../src/exports/formats';
import { ledgerHistory } from '../../generators/ledgers';
import { add, ADD_UP, sorted, type Totals } from '../../support/added-up';
import { exportsOf } from '../../support/exported';
import { faults, HAS_HLEDGER } from '../../support/hledger';
import { projected, type Rows } from '../../support/ledger-in-memory';
import { storeOf } from '../../support/stored-ledger';

/** For a long search: `RUNS=5000 npx jest test/e2e/exports --testTimeout 3600000`. */
const RUNS = Number(process.env['RUNS'] ?? 40);
const PERIODS = ['2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01'];
const withHledger = HAS_HLEDGER ? it : it.skip;

const ledger = ledgerHistory({ gaps: false });

/** The totals of a period's summaries. */
function summariesOf(rows: Rows, period: string): Totals {
  const totals: Totals = new Map();
  for (const one of rows.statements.filter((statement) => statement.period === period)) {
    const { usage_cost_cents, adjustments_cents } = one.counts;
    add(totals, one.user_id, one.currency, usage_cost_cents + adjustments_cents);
  }
  return totals;
}

/** FOCUS rows in which unit price times quantity is not the cost, to the last printed digit. */
function wrongProducts(csv: string): unknown[] {
  const rows: Record<string, string>[] = parse(csv, { columns: true });
  return rows.filter((row) => {
    if (row['PricingQuantity'] === '') return row['ListCost'] !== row['ContractedCost'];
    const product = new Decimal(row['ListUnitPrice']!).times(row['PricingQuantity']!);
    return print(product) !== row['ListCost'] || row['ContractedCost'] !== row['ListCost'];
  });
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
            const text = await exported(period, format);
            expect([format, sorted(ADD_UP[format](text))]).toEqual([format, expected]);
            if (format === 'focus') expect(wrongProducts(text)).toEqual([]);
          }
          seen += expected.length;
        }
        expect(rows.statements.filter((one) => !PERIODS.includes(one.period))).toEqual([]);
      }),
      { numRuns: RUNS },
    );
    expect(seen).toBeGreaterThan(RUNS / 2);
  });

  it('contain every log and adjustment once', async () => {
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
    'are journals that hledger accepts, all months in one: strict, in order, an assertion per closed period',
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
