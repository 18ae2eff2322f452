import type { Connection } from '../../postgres/pool';
import type { RowChanges } from '../rows';
import {
  addRows,
  deleteEmptyRows,
  deleteRows,
  insertRows,
  keyOf,
  type RowTable,
} from './columns';

/** Rows a statement: what is held as one text at once. */
const ROWS = 1_000;

/** What is done with some of the rows of a commit, in this order. */
interface Write {
  readonly table: RowTable;
  readonly text: string;
  readonly rows: (changes: RowChanges) => readonly object[];
}

const WRITES: readonly Write[] = [
  remove('usage_logs', (changes) => changes.removedLogs.map((id) => ({ id }))),
  remove('waiting', (changes) => changes.removedWaiting),
  remove('statements', (changes) => changes.removedStatements),
  remove('marks', (changes) => changes.removedMarks),
  put('sessions', (changes) => changes.sessions),
  put('usage_logs', (changes) => changes.usageLogs),
  put('waiting', (changes) => changes.waiting),
  put('statements', (changes) => changes.statements),
  put('marks', (changes) => changes.marks),
  ...add('usage_days', (changes) => changes.usageDays),
  ...add('period_sums', (changes) => changes.periodSums),
  put('accounts', (changes) => changes.accounts),
  put('adjustments', (changes) => changes.adjustments, 'refuse'),
  put('requests', (changes) => changes.requests, 'refuse'),
  // A tile's place is that of its first event: it never changes.
  put('merkle_tiles', (changes) => changes.merkleTiles, ['hashes']),
];

/** Writes rows and removes rows: a statement a table, however many rows it has (up to {@link ROWS}). */
export async function writeRows(connection: Connection, changes: RowChanges): Promise<void> {
  for (const { table, text, rows } of WRITES) {
    const all = lastOfEach(table, rows(changes));
    for (let from = 0; from < all.length; from += ROWS) {
      await connection.query(text, [JSON.stringify(all.slice(from, from + ROWS))]);
    }
  }
}

function put(
  table: RowTable,
  rows: Write['rows'],
  onConflict: Parameters<typeof insertRows>[1] = 'replace',
): Write {
  return { table, text: insertRows(table, onConflict), rows };
}

function remove(table: RowTable, rows: Write['rows']): Write {
  return { table, text: deleteRows(table), rows };
}

/** What nothing is left of was there before, and something was taken off it. */
function add(table: 'usage_days' | 'period_sums', rows: Write['rows']): Write[] {
  return [
    { table, text: addRows(table), rows },
    { table, text: deleteEmptyRows(table), rows },
  ];
}

/** One statement may touch a row once: of several with the same key the last one counts, as if written one by one. */
function lastOfEach(table: RowTable, rows: readonly object[]): readonly object[] {
  if (rows.length < 2 || ONCE.has(table)) return rows;
  return [...new Map(rows.map((row) => [keyOf(table, row), row])).values()];
}

/** Written twice under one key, these are refused. */
const ONCE = new Set<RowTable>(['adjustments', 'requests']);
