import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify/sync';

/** What a cell is made of: text is neutralised, a number stays as it is, `null` is an empty cell. */
export type Cell = string | number | null;

/**
 * With these at the beginning a spreadsheet takes a cell for a formula (OWASP, "CSV Injection"), full-width forms in
 * some languages among them. The apostrophe is there so that taking one off gives every text back.
 */
const FORMULA = /^[=+\-@\t\r\n'＝＋－＠]/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const BATCH = 500;

/** A cell that a spreadsheet does not run: what would begin a formula gets an apostrophe, a plain number does not. */
function safeCell(value: string): string {
  return FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
}

/** Rows as lines of CSV (RFC 4180), each ended by CR LF; what needs quotes has them. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: 'windows',
    // RFC 4180: a cell with a line break is quoted, whichever one it has.
    quoted_match: /[\r\n]/,
    cast: { string: safeCell, number: String },
  });
}

/** Rows as CSV with a header, streamed: as fast as they are read. */
export function csvOf<T extends object>(
  rows: AsyncIterable<T>,
  columns: readonly (keyof T & string)[],
): Readable {
  return Readable.from(lines(rows, columns), { objectMode: false });
}

async function* lines<T extends object>(
  rows: AsyncIterable<T>,
  columns: readonly (keyof T & string)[],
): AsyncGenerator<string> {
  yield csvLines([columns]);
  let batch: Cell[][] = [];
  for await (const row of rows) {
    batch.push(columns.map((column) => row[column] as Cell));
    if (batch.length < BATCH) continue;
    yield csvLines(batch);
    batch = [];
  }
  if (batch.length > 0) yield csvLines(batch);
}
