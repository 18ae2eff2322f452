import { stringify } from 'csv-stringify';
import { pipeline, type Readable } from 'node:stream';

/** What a spreadsheet takes for the beginning of a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/;

/** A cell that a spreadsheet does not run: what would begin a formula gets an apostrophe, a plain number does not. */
export function safeCell(value: string): string {
  return FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
}

/** Rows as CSV (RFC 4180) with a header, streamed: as fast as they are read. */
export function csvOf<T extends object>(
  rows: AsyncIterable<T>,
  columns: readonly (keyof T & string)[],
): Readable {
  const writer = stringify({
    header: true,
    columns: [...columns],
    record_delimiter: 'windows',
    // Any line end is quoted, not the one between records alone.
    quoted_match: /[\r\n]/,
    cast: { string: safeCell, number: (value) => safeCell(String(value)) },
  });
  async function* records() {
    for await (const row of rows) yield row;
  }
  // A failure, or a reader that went away, ends both: the reader of the stream is told.
  pipeline(records, writer, () => undefined);
  return writer;
}
