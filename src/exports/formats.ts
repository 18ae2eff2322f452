import { writeCsv } from './record-csv';
import { writeFocus } from './focus';
import { writeHledger } from './hledger';
import { writeNdjson } from './ndjson';
import type { ExportSource } from './rows';

interface Format {
  readonly mediaType: string;
  /** The extension of the file's name. */
  readonly ending: string;
  /** Writes the export in pieces of bounded size. Each is made when the reader asks for it. */
  readonly write: (source: ExportSource) => AsyncGenerator<string>;
}

/** Every format, in one table. */
const FORMATS = {
  csv: { mediaType: 'text/csv; charset=utf-8; header=present', ending: 'csv', write: writeCsv },
  ndjson: {
    mediaType: 'application/x-ndjson; charset=utf-8',
    ending: 'ndjson',
    write: writeNdjson,
  },
  focus: {
    mediaType: 'text/csv; charset=utf-8; header=present',
    ending: 'focus.csv',
    write: writeFocus,
  },
  hledger: { mediaType: 'text/plain; charset=utf-8', ending: 'journal', write: writeHledger },
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;

export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[];

export function formatOf(name: ExportFormat): Format {
  return FORMATS[name];
}

/** Returns a name such as `minutebook-2026-10.focus.csv`. */
export function exportFileName(period: string, format: ExportFormat): string {
  return `minutebook-${period}.${FORMATS[format].ending}`;
}
