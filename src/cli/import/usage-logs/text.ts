import { print } from '../../../domain/money';
import type { Report } from './report';

/** The report's totals, for people. */
export function reportText(report: Report): string {
  const lines = ['', 'Old table and ledger (cents are hundredths of the currency)', ''];
  const head = ['month', 'currency', 'rows', 'old cents', 'ledger cents', 'difference', 'because'];
  const table = [head];
  for (const [month, sum] of report.months.sorted()) {
    table.push([month || '(no time)', ...numbersOf(sum), sum.why]);
  }
  for (const [, sum] of report.all.sorted()) table.push(['all', ...numbersOf(sum), sum.why]);
  const widths = head.map((_, at) => Math.max(...table.map((row) => row[at]!.length)));
  for (const row of table) {
    lines.push(
      row
        .map((cell, at) => pad(cell, at, widths[at]!))
        .join('  ')
        .trimEnd(),
    );
  }
  lines.push('', 'Rows by reason:');
  for (const [reason, rows] of [...report.reasons].sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(`  ${reason}: ${rows}`);
  }
  const { oldPrices } = report;
  if (oldPrices.length > 0) {
    lines.push('', 'The old table charged:', ...oldPrices.map((price) => `  ${price}`));
  }
  return lines.join('\n');
}

type Shown = { currency: string; rows: number } & Record<
  'old' | 'derived' | 'difference',
  Parameters<typeof print>[0]
>;

function numbersOf({ currency, rows, old, derived, difference }: Shown): string[] {
  return [currency || '-', String(rows), print(old), print(derived), print(difference)];
}

/** Numbers stand right, words left. */
function pad(text: string, column: number, width: number): string {
  return column >= 2 && column <= 5 ? text.padStart(width) : text.padEnd(width);
}
