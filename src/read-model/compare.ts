import { sql, type Kysely, type Transaction } from 'kysely';

import { beside, type Difference, type Row } from './difference';
import { TABLE_KEYS, type ReadModelTables } from './tables';

/** A read model, or a snapshot of one, for reading. */
type Readable = Kysely<ReadModelTables> | Transaction<ReadModelTables>;

/** Which rows are compared; all of them if left out. */
export interface CompareScope {
  readonly userId?: string | undefined;
  readonly period?: Period | undefined;
}

/** A billing period and its instants `[from, to)`, in milliseconds since 1970. */
interface Period {
  readonly period: string;
  readonly from: number;
  readonly to: number;
}

type TableName = keyof ReadModelTables;

interface Compared {
  /** Set if each row belongs to a user. */
  readonly byUser?: true;
  /** Returns whether a row belongs to a period; left out if the rows belong to none. */
  readonly isOf?: (row: Row, period: Period) => boolean;
}

interface Table extends Compared {
  readonly name: TableName;
}

const inBillingPeriod = (row: Row, { period }: Period) => row['billing_period'] === period;

/** How each table is compared, in the order in which the tables are compared. */
const TABLES: Readonly<Record<TableName, Compared>> = {
  sessions: { byUser: true },
  usage_logs: { byUser: true, isOf: inBillingPeriod },
  waiting: {
    byUser: true,
    isOf: (row, { from, to }) => {
      const at = row['completed_at'] as number;
      return from <= at && at < to;
    },
  },
  statements: { byUser: true, isOf: (row, { period }) => row['period'] === period },
  marks: { byUser: true, isOf: (row, { period }) => row['period'] === period },
  usage_days: { byUser: true, isOf: inBillingPeriod },
  period_sums: { isOf: (row, { period }) => row['period'] === period },
  accounts: { byUser: true },
  adjustments: { byUser: true, isOf: inBillingPeriod },
  requests: {},
  merkle_tiles: {},
  checkpoints: {},
};

const TABLE_NAMES = Object.keys(TABLES) as readonly TableName[];

function tableOf(name: TableName): Table {
  return { name, ...TABLES[name] };
}

/** Returns the columns of a table's key, in order. */
function keyOf({ name }: Table): readonly string[] {
  return TABLE_KEYS[name];
}

/**
 * How many rows of each side are read at once. It bounds the memory of a comparison, and how long it makes others wait.
 */
const PAGE = 200;
/** As {@link PAGE}, for logs: a description may have more than 2 MiB. */
const PAGE_OF_LOGS = 40;

const pageOf = ({ name }: Table) => (name === 'usage_logs' ? PAGE_OF_LOGS : PAGE);

/** The two sides of a comparison. */
export interface Sides {
  readonly live: Readable;
  readonly replayed: Readable;
}

/** Both sides' versions of one row. At least one side has it. */
export type Pair = readonly [live: Row | undefined, replayed: Row | undefined];

/**
 * Compares a live read model with a replayed one, row by row, in the order of keys and in constant memory. Works on any
 * database that orders texts by their bytes. Nothing stays open between two pages: `sides` may return newer snapshots
 * for the next page, as long as both are at the same position.
 * @param sides called before each page.
 * @param onRows receives how many rows were compared since it was last called; a row that only one side has counts too.
 */
export async function* compareReadModels(
  sides: () => Promise<Sides>,
  scope: CompareScope,
  onRows: (count: number) => void,
): AsyncGenerator<Difference> {
  for (const table of TABLE_NAMES.map(tableOf)) {
    if (scope.userId !== undefined && table.byUser === undefined) continue;
    if (scope.period !== undefined && table.isOf === undefined) continue;
    for await (const pairs of pagesOf(table, sides, scope)) {
      for (const [live, replayed] of pairs) {
        const difference = beside(table.name, keyOf(table), live, replayed);
        if (difference !== undefined) yield difference;
      }
      onRows(pairs.length);
    }
  }
}

/** Yields the rows of one table on both sides, in the order of its key, one page of pairs after another. */
export function pairsOf(
  name: TableName,
  sides: () => Promise<Sides>,
  scope: CompareScope,
): AsyncGenerator<readonly Pair[]> {
  return pagesOf(tableOf(name), sides, scope);
}

async function* pagesOf(
  table: Table,
  sides: () => Promise<Sides>,
  scope: CompareScope,
): AsyncGenerator<readonly Pair[]> {
  for (let after: Row | undefined; ;) {
    const { live, replayed } = await sides();
    const left = await readPage(live, table, after, scope);
    const right = await readPage(replayed, table, after, scope);
    const end = firstEnd(table, left, right);
    yield pairUp(table, left, right, end, scope);
    if (end === undefined) return;
    after = end;
  }
}

/** Returns the key up to which both pages are complete; `undefined` if both are the last ones. */
function firstEnd(table: Table, left: readonly Row[], right: readonly Row[]): Row | undefined {
  const ends = [left, right]
    .filter((page) => page.length === pageOf(table))
    .map((page) => page.at(-1)!);
  const [one, other] = ends;
  if (one === undefined || other === undefined) return one;
  return compareKeys(one, other, keyOf(table)) <= 0 ? one : other;
}

function pairUp(
  table: Table,
  left: readonly Row[],
  right: readonly Row[],
  end: Row | undefined,
  { period }: CompareScope,
): Pair[] {
  const pairs: Pair[] = [];
  for (let [a, b] = [0, 0]; a < left.length || b < right.length;) {
    const order = orderOf(left[a], right[b], keyOf(table));
    const live = order <= 0 ? left[a++] : undefined;
    const replayed = order >= 0 ? right[b++] : undefined;
    if (end !== undefined && compareKeys((live ?? replayed)!, end, keyOf(table)) > 0) break;
    // A row that belongs to the period on one side only is compared too: it was moved in or out.
    const isAsked =
      period === undefined ||
      [live, replayed].some((one) => one !== undefined && table.isOf!(one, period));
    if (isAsked) pairs.push([live, replayed]);
  }
  return pairs;
}

/** Compares two rows by their keys. A missing row comes last. */
function orderOf(a: Row | undefined, b: Row | undefined, key: readonly string[]): number {
  if (a === undefined) return 1;
  return b === undefined ? -1 : compareKeys(a, b, key);
}

async function readPage(
  db: Readable,
  table: Table,
  after: Row | undefined,
  { userId }: CompareScope,
): Promise<Row[]> {
  const where = [];
  if (userId !== undefined) where.push(sql`user_id = ${userId}`);
  if (after !== undefined) {
    const values = sql.join(keyOf(table).map((name) => after[name]));
    where.push(sql`(${sql.join(keyOf(table).map((name) => sql.ref(name)))}) > (${values})`);
  }
  const filter = where.length === 0 ? sql`` : sql`where ${sql.join(where, sql` and `)}`;
  const order = sql.join(keyOf(table).map((name) => sql.ref(name)));
  const { rows } = await sql<
    Record<string, unknown>
  >`select * from ${sql.table(table.name)} ${filter} order by ${order} limit ${sql.lit(pageOf(table))}`.execute(
    db,
  );
  return rows.map(normal);
}

/** Returns a row in a form that does not depend on the driver: texts, numbers and null. */
function normal(row: Readonly<Record<string, unknown>>): Row {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, normalValue(value)]));
}

function normalValue(value: unknown): string | number | null {
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' || typeof value === 'number' || value === null) return value;
  // Bytes where a text should be: a damaged row, shown as it is.
  if (Buffer.isBuffer(value)) return `bytes ${value.toString('hex')}`;
  return JSON.stringify(value);
}

function compareKeys(a: Row, b: Row, key: readonly string[]): number {
  for (const name of key) {
    const order = compareValues(a[name]!, b[name]!);
    if (order !== 0) return order;
  }
  return 0;
}

/** Compares values as the database orders them: numbers by value and before texts, texts by their bytes. */
function compareValues(a: string | number, b: string | number): number {
  if (a === b) return 0;
  if (typeof a === 'number' || typeof b === 'number') {
    if (typeof a === typeof b) return a < b ? -1 : 1;
    return typeof a === 'number' ? -1 : 1;
  }
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
