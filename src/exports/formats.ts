import { either } from '../lib/either';

interface Format {
  /** The format's name, for people. */
  readonly called: string;
  readonly mediaType: string;
  /** The extension of the file's name. */
  readonly ending: string;
}

/**
 * Every format, in one table. The code that writes formats is apart, in `writers.ts`, so that a command's help does not
 * load it.
 */
const FORMATS = {
  csv: {
    called: 'CSV',
    mediaType: 'text/csv; charset=utf-8; header=present',
    ending: 'csv',
  },
  ndjson: {
    called: 'NDJSON',
    mediaType: 'application/x-ndjson; charset=utf-8',
    ending: 'ndjson',
  },
  focus: {
    called: 'FOCUS 1.2 as CSV',
    mediaType: 'text/csv; charset=utf-8; header=present',
    ending: 'focus.csv',
  },
  hledger: {
    called: 'an hledger journal',
    mediaType: 'text/plain; charset=utf-8',
    ending: 'journal',
  },
} satisfies Record<string, Format>;

export type ExportFormat = keyof typeof FORMATS;

export const EXPORT_FORMATS = Object.keys(FORMATS) as readonly ExportFormat[];

/** The formats in words: `CSV, NDJSON or …`. */
export const FORMATS_IN_WORDS = either(Object.values(FORMATS).map(({ called }) => called));

/** The formats' media types, without parameters, each once. */
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
