import { Readable } from 'node:stream';

import { stringify } from 'csv-stringify/sync';

/** The value of a cell. A text is neutralised, a number stays as it is, `null` is an empty cell. */
export type Cell = string | number | null;

/**
 * The characters with which a formula begins in a spreadsheet (OWASP, "CSV Injection"); in some languages also their
 * full-width forms. The apostrophe is included so that removing one restores every text.
 */
const FORMULA = /^[=+\-@\t\r\n'＝＋－＠]/;
/**
 * Places inside a text where a spreadsheet with another list separator begins a cell, because it does not heed quotes
 * in the middle of one, if a formula, or a quote before one, would be the first thing in that cell.
 */
const INNER_FORMULA = /(?<=[;\t\r\n])(?=[=+\-@'"＝＋－＠])/g;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;
const BATCH = 500;

/** Makes a cell safe: where a text would begin a formula, it gets an apostrophe. A plain number stays as it is. */
function safeCell(value: string): string {
  const inner = value.replace(INNER_FORMULA, "'");
  return FORMULA.test(value) && !NUMBER.test(value) ? `'${inner}` : inner;
}

/** Formats rows as CSV lines (RFC 4180): each ends with CR LF, cells are quoted if necessary. */
export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(rows as Cell[][], {
    record_delimiter: 'windows',
    // RFC 4180: a cell with any kind of line break is quoted.
    quoted_match: /[\r\n]/,
    cast: { string: safeCell, number: String },
  });
}

/** Streams rows as CSV with a header, no faster than they are read. */
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
