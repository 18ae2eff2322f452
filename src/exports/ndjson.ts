import { toRecord } from './record';
import { exportPages, type ExportSource } from './rows';

/** Writes one JSON object per line. Every line has all fields. */
export async function* writeNdjson(source: ExportSource): AsyncGenerator<string> {
  for await (const page of exportPages(source)) {
    yield page.map((row) => `${JSON.stringify(toRecord(row))}\n`).join('');
  }
}
