import { either } from '../../../lib/either';
import { UsageError } from '../../usage-error';

/** The fields that a row of a usage table may have, named as in the table that Minutebook replaces. */
export const FIELDS = [
  'id',
  'session_id',
  'user_id',
  'client_id',
  'duration_seconds',
  'duration_minutes',
  'transcription_type',
  'billable',
  'cost_cents',
  'currency',
  'stt_provider',
  'processing_time_seconds',
  'confidence_score',
  'word_count',
  'character_count',
  'speaker_count',
  'error_occurred',
  'error_message',
  'retry_count',
  'parent_log_id',
  'created_at',
  'metadata',
] as const;
export type Field = (typeof FIELDS)[number];

/** What databases write for a missing value. */
const ABSENT = new Set(['', '\\N', 'NULL']);

/** The options that describe the columns. */
export interface ColumnOptions {
  /** Each `column=field`; `column=` leaves a column out. */
  readonly map: readonly string[];
  /** Each `field=value`, for rows that have none. */
  readonly set: readonly string[];
}

/** Knows which column of a file holds which field. */
export class Columns {
  private constructor(
    readonly width: number,
    private readonly places: ReadonlyMap<Field, number>,
    private readonly constants: ReadonlyMap<Field, string>,
    /** The columns that match no field, except those that `--map column=` leaves out. */
    readonly leftAlone: readonly string[],
  ) {}

  /**
   * @param header the file's first record. Names are compared ignoring case.
   * @throws UsageError if an option names a column or field that does not exist; Error if the file lacks a required
   * column.
   */
  static of(header: readonly string[], { map, set }: ColumnOptions): Columns {
    const names = header.map((name) => name.trim().toLowerCase());
    const fields = names.map((name): string => name);
    for (const [column, field] of map.map((one) => pairOf(one, '--map', 'column=field'))) {
      const at = names.indexOf(column.toLowerCase());
      if (at < 0) throw new UsageError(`--map: the file has no column ${column}.`);
      fields[at] = field === '' ? '' : checkField(field, '--map');
    }
    const places = new Map<Field, number>();
    for (const field of FIELDS) {
      const at = fields.indexOf(field);
      if (at < 0) continue;
      if (fields.lastIndexOf(field) !== at)
        throw new UsageError(
          `Two columns are ${field}: ${header[at]} and ${header[fields.lastIndexOf(field)]}. Leave one out with --map ${header[at]}=`,
        );
      places.set(field, at);
    }
    const constants = new Map(
      set.map((one) => {
        const [field, value] = pairOf(one, '--set', 'field=value');
        return [checkField(field, '--set'), value] as const;
      }),
    );
    const leftAlone = header.filter((_, at) => fields[at] !== '' && !isField(fields[at]!));
    const columns = new Columns(header.length, places, constants, leftAlone);
    columns.checkComplete(header);
    return columns;
  }

  has(field: Field): boolean {
    return this.places.has(field) || this.constants.has(field);
  }

  /** Returns the trimmed value of a field; `undefined` if the row has none. */
  value(record: readonly string[], field: Field): string | undefined {
    const at = this.places.get(field);
    const text = at === undefined ? '' : (record[at]?.trim() ?? '');
    return ABSENT.has(text) ? this.constants.get(field) : text;
  }

  private checkComplete(header: readonly string[]): void {
    const needed: Field[] = ['id', 'user_id', 'created_at', 'stt_provider'];
    const missing = needed.filter((field) => !this.has(field));
    if (!this.has('duration_seconds') && !this.has('duration_minutes'))
      missing.push('duration_seconds');
    if (missing.length === 0) return;
    const example = missing[0] === 'stt_provider' ? '--set stt_provider=google' : '';
    throw new Error(
      `The file has no column ${either(missing)}; its columns are ${header.join(', ')}. ` +
        `Say which one it is with --map column=${missing[0]}${example && `, or give all rows the same: ${example}`}.`,
    );
  }
}

function pairOf(text: string, option: string, form: string): [name: string, value: string] {
  const at = option === '--map' ? text.lastIndexOf('=') : text.indexOf('=');
  if (at > 0) return [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  throw new UsageError(`${option} ${text}: write it as ${form}.`);
}

function isField(name: string): name is Field {
  return (FIELDS as readonly string[]).includes(name);
}

function checkField(name: string, option: string): Field {
  if (isField(name)) return name;
  throw new UsageError(
    `${option}: there is no field ${name}. The fields are ${FIELDS.join(', ')}.`,
  );
}
