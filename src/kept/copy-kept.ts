import type { KeptTables, Statement } from './kept-tables';

/** A table to be copied: its columns, first of all its key, which is a text. */
export interface CopiedTable {
  readonly table: string;
  readonly columns: readonly [string, ...string[]];
}

type Row = Readonly<Record<string, string | number | null>>;

/** How many rows are in memory, and in one statement. */
const PAGE = 500;

/**
 * Copies tables in this order, unless one of `unlessAny` has a row already: then something was made there since. All rows
 * or none: a start that is interrupted copies them the next time. However many rows there are, one page is in memory.
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
  // No key is the empty text.
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
