import { either } from '../lib/either';
import { writeCsv } from './record-csv';
import { writeFocus } from './focus';
import { writeHledger } from './hledger';
import { writeNdjson } from './ndjson';
import type { ExportSource } from './rows';

interface Format {
  /** What it is, for people. */
  readonly called: string;
  readonly mediaType: string;
  /** The extension of the file's name. */
  readonly ending: string;
  /** Writes the export in pieces of bounded size. Each is made when the reader asks for it. */
  readonly write: (source: ExportSource) => AsyncGenerator<string>;
}

/** Every format, in one table. */
const FORMATS = {
  csv: {
    called: 'CSV',
    mediaType: 'text/csv; charset=utf-8; header=present',
    ending: 'csv',
    write: writeCsv,
  },
  ndjson: {
    called: 'NDJSON',
    mediaType: 'application/x-ndjson; charset=utf-8',
    ending: 'ndjson',
    write: writeNdjson,
  },
  focus: {
    called: 'FOCUS 1.2 as CSV',
    mediaType: 'text/csv; charset=utf-8; header=present',
    ending: 'focus.csv',
    write: writeFocus,
  },
  hledger: {
    called: 'an hledger journal',
    mediaType: 'text/plain; charset=utf-8',
    ending: 'journal',
    write: writeHledger,
  },
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;

export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[];

/** The formats in words: `CSV, NDJSON or …`. */
export const FORMATS_IN_WORDS = either(Object.values(FORMATS).map(({ called }) => called));

/** Their media types, without parameters, each once. */
export const EXPORT_MEDIA_TYPES = [
  ...new Set(Object.values(FORMATS).map(({ mediaType }) => mediaType.split(';')[0]!)),
];

export function formatOf(name: ExportFormat): Format {
  return FORMATS[name];
}

/** Returns a name such as `minutebook-2026-10.focus.csv`. */
export function exportFileName(period: string, format: ExportFormat): string {
  return `minutebook-${period}.${FORMATS[format].ending}`;
}
