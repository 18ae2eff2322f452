import { print } from '../../../domain/money';
import type { Report } from './report';
import type { Sum } from './totals';

/** Formats the report's totals for people. */
export function reportText(report: Report): string {
  const lines = ['', 'Old table and ledger (cents are hundredths of the currency)', ''];
  const head = [
    'month',
    'currency',
    'rows',
    'seconds',
    'old cents',
    'ledger cents',
    'difference',
    'because',
  ];
  const table = [head];
  for (const [month, sum] of report.months.sorted()) {
    table.push([month || '(not read)', ...numbersOf(sum), sum.why]);
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

function numbersOf({ currency, rows, seconds, old, derived, difference }: Sum): string[] {
  const exact = [seconds, old, derived, difference].map(print);
  return [currency || '-', String(rows), ...exact];
}

/** Right-aligns numbers and left-aligns words. */
function pad(text: string, column: number, width: number): string {
  return column >= 2 && column <= 6 ? text.padStart(width) : text.padEnd(width);
}
