import { reference, type ReferenceBill } from '../../src/checker/derivation/reference';
import { Decimal, print, toCents } from '../../src/domain/money';
import { billOf } from '../support/bill';
import { NOW, projected } from '../support/ledger-in-memory';
import { ruleExamples, type Table } from '../support/rule-examples';
import { storeOf } from '../support/stored-ledger';

const examples = ruleExamples();

/** The values of a bill under the headings of an example's table. Totals are in one currency, rounded half up. */
function underHeadings(bill: Pick<ReferenceBill, 'logs' | 'waiting'>, headings: readonly string[]) {
  const texts = (all: readonly object[]): Table =>
    all.map((one) =>
      Object.fromEntries(
        headings.map((name) => [name, String((one as Readonly<Record<string, unknown>>)[name])]),
      ),
    );
  if (headings.includes('waiting')) {
    return texts(bill.waiting.map((one) => ({ ...one, waiting: one.session_id })));
  }
  let total = new Decimal(0);
  return texts(
    bill.logs.map((log) => {
      total = total.plus(log.cost);
      return {
        ...log,
        'running total': print(total),
        'whole cents': toCents(total, 'half_up'),
        'made by': Number(log.position) - 1,
      };
    }),
  );
}

describe('the examples of docs/reference/rules.md', () => {
  it('exist, with at least one table each', () => {
    expect(examples.length).toBeGreaterThanOrEqual(9);
    expect(examples.filter((example) => example.tables.length === 0)).toEqual([]);
  });

  it.each(examples.map((one) => [one.name, one] as const))(
    'follow from the rules, for checker and service alike: %s',
    async (_, { entries, tables }) => {
      const derived = reference(entries, NOW);
      const served = billOf(await projected(await storeOf(entries), 100), derived);
      for (const table of tables) {
        const headings = Object.keys(table[0]!);
        expect(underHeadings(derived, headings)).toEqual(table);
        expect(underHeadings(served as unknown as ReferenceBill, headings)).toEqual(table);
      }
    },
  );
});
