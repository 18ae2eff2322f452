import { csvLines, type Cell } from '../http/csv';
import { RECORD_FIELDS, toRecord } from './record';
import { exportPages, type ExportSource } from './rows';

/** Writes CSV (RFC 4180) with a header line. Objects are compact JSON, absent values are empty. */
export async function* writeCsv(source: ExportSource): AsyncGenerator<string> {
  yield csvLines([RECORD_FIELDS]);
  for await (const page of exportPages(source)) {
    yield csvLines(
      page.map((row) => {
        const record = toRecord(row);
        return RECORD_FIELDS.map((name) => cellOf(record[name]));
      }),
    );
  }
}

function cellOf(value: unknown): Cell {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value;
  return JSON.stringify(value);
}
