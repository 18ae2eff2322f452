import { writeFocus } from './focus';
import type { ExportFormat } from './formats';
import { writeHledger } from './hledger';
import { writeNdjson } from './ndjson';
import { writeCsv } from './record-csv';
import type { ExportSource } from './rows';

/** Writes an export in pieces of bounded size. Each is made when the reader asks for it. */
type Write = (source: ExportSource) => AsyncGenerator<string>;

/** What writes each format. */
export const WRITERS: Readonly<Record<ExportFormat, Write>> = {
  csv: writeCsv,
  ndjson: writeNdjson,
  focus: writeFocus,
  hledger: writeHledger,
};
