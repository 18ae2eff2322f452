import type { KeptTables, Statement } from './kept-tables';

/** A table to copy: its name and its columns. The first column is its key, a text. */
export interface CopiedTable {
  readonly table: string;
  readonly columns: readonly [string, ...string[]];
}

type Row = Readonly<Record<string, string | number | null>>;

/** How many rows are in memory at once, and in one statement. */
const PAGE = 500;

/**
 * Copies tables in this order, unless a table in `unlessAny` already has a row, which means that the target is in use.
 * Copies all rows or none: if a start is interrupted, the next one copies them. Only one page is in memory at once.
 */
export async function copyKept(
  from: Pick<KeptTables, 'all'>,
  to: KeptTables,
  tables: readonly CopiedTable[],
  unlessAny: readonly string[],
): Promise<void> {
  for (const table of unlessAny) {
    const [row] = await to.all(`SELECT 1 AS one FROM ${table} LIMIT 1`);
    if (row !== undefined) return;
  }
  await to.fill(insertsOf(from, tables));
}

async function* insertsOf(
  from: Pick<KeptTables, 'all'>,
  tables: readonly CopiedTable[],
): AsyncGenerator<Statement> {
  for (const { table, columns } of tables) {
    for await (const rows of pagesOf(from, { table, columns })) {
      const places = `(${columns.map(() => '?').join(', ')})`;
      yield {
        sql: `INSERT INTO ${table} (${columns.join(', ')}) VALUES ${rows.map(() => places).join(', ')} ON CONFLICT DO NOTHING`,
        values: rows.flatMap((row) => columns.map((name) => row[name] ?? null)),
      };
    }
  }
}

async function* pagesOf(
  from: Pick<KeptTables, 'all'>,
  { table, columns }: CopiedTable,
): AsyncGenerator<readonly Row[]> {
  const [key] = columns;
  // No key is the empty string.
  for (let after = ''; ;) {
    const rows = await from.all<Row>(
      `SELECT ${columns.join(', ')} FROM ${table} WHERE ${key} > ? ORDER BY ${key} LIMIT ${PAGE}`,
      [after],
    );
    if (rows.length === 0) return;
    yield rows;
    after = String(rows.at(-1)![key]);
  }
}
