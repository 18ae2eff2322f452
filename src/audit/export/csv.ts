import { stringify } from 'csv-stringify/sync';

import { NUMBERS, RECORD_FIELDS, toRecord } from './record';
import { exportPages, type ExportSource } from './rows';

/** CSV as RFC 4180 has it, with a header line. Objects are compact JSON, absent values are empty. */
export async function* writeCsv(source: ExportSource): AsyncGenerator<string> {
  yield csvLines([RECORD_FIELDS]);
  for await (const page of exportPages(source)) {
    yield csvLines(
      page.map((row) => {
        const record = toRecord(row);
        return RECORD_FIELDS.map((name) => csvCell(record[name], NUMBERS.has(name)));
      }),
    );
  }
}

/** Lines of cells, each ended by CR LF; what needs quotes has them. */
export function csvLines(rows: readonly (readonly (string | null)[])[]): string {
  return stringify(rows as (string | null)[][], {
    record_delimiter: '\r\n',
    // RFC 4180: a cell with a line break is quoted, whichever one it has.
    quoted_match: /[\r\n]/,
  });
}

/** A value as a cell; text that a spreadsheet would run is neutralised, numbers stay as they are. */
function csvCell(value: unknown, isNumber: boolean): string | null {
  if (value === null) return null;
  if (typeof value !== 'string') return JSON.stringify(value);
  return isNumber ? value : neutralise(value);
}

/**
 * With these at the beginning a spreadsheet takes a cell for a formula (OWASP, "CSV Injection"), full-width forms in
 * some languages among them; the apostrophe is there so that taking one off gives every text back.
 */
const FORMULA = /^[=+\-@\t\r\n'＝＋－＠]/;

/** A text with an apostrophe before it where a spreadsheet would take it for a formula. */
export function neutralise(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}
