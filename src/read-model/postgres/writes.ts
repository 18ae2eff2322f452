import type { Connection } from '../../postgres/pool';
import { ERASING_ORDER, eraseLogs, LOGS_A_PAGE, type LogEraser } from '../erasing';
import type { RowChanges } from '../rows';
import { addRows, deleteEmptyRows, deleteRows, insertRows, keyOf, type RowTable } from './columns';

/** The most rows in one SQL statement: they are in memory as one text. */
const ROWS = 1_000;

/** One step of a commit: what is done with which rows. */
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
  // The fields that say where a tile begins never change.
  put('merkle_tiles', (changes) => changes.merkleTiles, ['hashes']),
];

const USER_LOGS = `SELECT id, described, ${ERASING_ORDER} FROM usage_logs
  WHERE user_id = $1 AND (${ERASING_ORDER}) > ($2, $3, $4, $5, $6)
  ORDER BY ${ERASING_ORDER} LIMIT ${LOGS_A_PAGE}`;

const DESCRIBE_LOGS = `UPDATE usage_logs SET described = given.described
  FROM json_to_recordset($1::json) AS given (id text COLLATE "C", described text)
  WHERE usage_logs.id = given.id`;

function eraserOn(connection: Connection): LogEraser {
  return {
    page: async (userId, after) => (await connection.query(USER_LOGS, [userId, ...after])).rows,
    describe: async (logs) => void (await connection.query(DESCRIBE_LOGS, [JSON.stringify(logs)])),
  } as LogEraser;
}

/** Writes and removes rows, with one SQL statement for up to {@link ROWS} rows of a table. */
export async function writeRows(connection: Connection, changes: RowChanges): Promise<void> {
  for (const userId of changes.erasedUsers) await eraseLogs(eraserOn(connection), userId);
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

/**
 * Adds differences to rows, then deletes the rows that have become empty. Only a row that existed before can become
 * empty.
 */
function add(table: 'usage_days' | 'period_sums', rows: Write['rows']): Write[] {
  return [
    { table, text: addRows(table), rows },
    { table, text: deleteEmptyRows(table), rows },
  ];
}

/**
 * Keeps the last of several rows with the same key, as if they were written one by one: an SQL statement may touch a
 * row only once.
 */
function lastOfEach(table: RowTable, rows: readonly object[]): readonly object[] {
  if (rows.length < 2 || ONCE.has(table)) return rows;
  return [...new Map(rows.map((row) => [keyOf(table, row), row])).values()];
}

/**
 * The tables that refuse a second row with the same key. The tables of sums do, because keeping the last of two
 * differences would lose the first.
 */
const ONCE = new Set<RowTable>(['adjustments', 'requests', 'usage_days', 'period_sums']);
