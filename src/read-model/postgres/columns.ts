import { TABLE_KEYS, type ReadModelTables } from '../tables';

type ColumnType = 'text' | 'bigint' | 'integer' | 'double precision';

/** The tables whose rows a commit writes. */
export type RowTable = Exclude<keyof ReadModelTables, 'checkpoints'>;

/** The columns of the tables and their types, as the migrations create them. */
const COLUMNS: { readonly [T in RowTable]: Record<keyof ReadModelTables[T], ColumnType> } = {
  sessions: {
    session_id: 'text',
    user_id: 'text',
    last_at: 'bigint',
    open_since: 'bigint',
    open_attempt: 'integer',
    memory: 'text',
    view: 'text',
  },
  usage_logs: {
    id: 'text',
    session_id: 'text',
    attempt: 'integer',
    user_id: 'text',
    billing_period: 'text',
    late_position: 'bigint',
    completed_at: 'bigint',
    currency: 'text',
    usage_period: 'text',
    stt_provider: 'text',
    transcription_type: 'text',
    billable: 'integer',
    billing_reason: 'text',
    duration_seconds: 'text',
    billed_seconds: 'text',
    channels: 'integer',
    speaker_count: 'integer',
    confidence_score: 'double precision',
    plan: 'text',
    rate_card_id: 'text',
    position: 'bigint',
    described: 'text',
  },
  waiting: {
    session_id: 'text',
    attempt: 'integer',
    user_id: 'text',
    completed_at: 'bigint',
    view: 'text',
  },
  statements: {
    user_id: 'text',
    period: 'text',
    most_cents: 'bigint',
    tail: 'text',
    summaries: 'text',
  },
  marks: {
    user_id: 'text',
    period: 'text',
    late_position: 'bigint',
    completed_at: 'bigint',
    session_id: 'text',
    attempt: 'integer',
    state: 'text',
    stretch: 'text',
  },
  usage_days: {
    user_id: 'text',
    day: 'text',
    currency: 'text',
    billing_period: 'text',
    transcriptions: 'bigint',
    billed_seconds: 'text',
    cost: 'text',
    cost_cents: 'bigint',
  },
  period_sums: {
    period: 'text',
    kind: 'text',
    name: 'text',
    currency: 'text',
    users: 'bigint',
    transcriptions: 'bigint',
    billed_seconds: 'text',
    cost: 'text',
    cost_cents: 'bigint',
    adjustments_cents: 'bigint',
  },
  accounts: { user_id: 'text', account: 'text' },
  adjustments: {
    id: 'text',
    user_id: 'text',
    billing_period: 'text',
    currency: 'text',
    voids: 'text',
    position: 'bigint',
    view: 'text',
  },
  requests: {
    scope: 'text',
    key: 'text',
    digest: 'text',
    answer: 'text',
    position: 'bigint',
    written: 'text',
  },
  merkle_tiles: {
    level: 'integer',
    number: 'bigint',
    hashes: 'text',
    after_position: 'bigint',
    after_recorded_at: 'bigint',
  },
};

/** What happens to a row whose key exists already. A list names the columns to replace. */
type OnConflict = 'replace' | 'refuse' | readonly string[];

/** Returns SQL that inserts rows, given as a list in one JSON text. */
export function insertRows(table: RowTable, onConflict: OnConflict): string {
  const names = Object.keys(COLUMNS[table]);
  const insert = `INSERT INTO ${table} (${list(names)}) SELECT ${list(names)} FROM ${given(table, names)}`;
  if (onConflict === 'refuse') return insert;
  const keys: readonly string[] = TABLE_KEYS[table];
  const replaced =
    onConflict === 'replace' ? names.filter((name) => !keys.includes(name)) : onConflict;
  const updates = replaced.map((name) => `${quote(name)} = excluded.${quote(name)}`).join(', ');
  return `${insert} ON CONFLICT (${list(keys)}) DO UPDATE SET ${updates}`;
}

/**
 * Returns SQL that adds rows, given as a list in one JSON text, to those with the same keys. Adds whole numbers, and
 * decimals in texts.
 */
export function addRows(table: 'usage_days' | 'period_sums'): string {
  const columns: Readonly<Record<string, ColumnType>> = COLUMNS[table];
  const keys: readonly string[] = TABLE_KEYS[table];
  const sums = Object.keys(columns).filter((name) => !keys.includes(name));
  const updates = sums.map((name) => {
    const [there, more] = [`${table}.${quote(name)}`, `excluded.${quote(name)}`];
    const sum =
      columns[name] === 'text'
        ? `trim_scale(${there}::numeric + ${more}::numeric)::text`
        : `${there} + ${more}`;
    return `${quote(name)} = ${sum}`;
  });
  return `${insertRows(table, 'refuse')} ON CONFLICT (${list(keys)}) DO UPDATE SET ${updates.join(', ')}`;
}

/** Returns SQL that deletes those rows, of the given keys, that have become empty. */
export function deleteEmptyRows(table: 'usage_days' | 'period_sums'): string {
  const users = table === 'period_sums' ? ' AND period_sums.users = 0' : '';
  return `${deleteRows(table)} AND ${table}.transcriptions = 0${users}`;
}

/** Returns SQL that deletes rows by their keys, given as a list in one JSON text. */
export function deleteRows(table: RowTable): string {
  const keys: readonly string[] = TABLE_KEYS[table];
  const same = keys.map((name) => `${table}.${quote(name)} = given.${quote(name)}`).join(' AND ');
  return `DELETE FROM ${table} USING ${given(table, keys)} WHERE ${same}`;
}

/** Returns SQL that selects rows by their keys, given as a list in one JSON text. */
export function selectRows(table: RowTable): string {
  const keys: readonly string[] = TABLE_KEYS[table];
  const same = keys.map((name) => `${table}.${quote(name)} = given.${quote(name)}`).join(' AND ');
  return `SELECT ${table}.* FROM ${given(table, keys)} JOIN ${table} ON ${same}`;
}

/** Returns the key of a row, as one text. */
export function keyOf<T extends RowTable>(table: T, row: object): string {
  const columns = row as Readonly<Record<string, unknown>>;
  return JSON.stringify(TABLE_KEYS[table].map((name) => columns[name]));
}

/** Returns SQL for the rows in the JSON text. Texts are ordered by their bytes, as in the tables. */
function given(table: RowTable, names: readonly string[]): string {
  const types: Readonly<Record<string, ColumnType>> = COLUMNS[table];
  const columns = names.map((name) => `${quote(name)} ${types[name]}${collation(types[name])}`);
  return `json_to_recordset($1::json) AS given (${columns.join(', ')})`;
}

function collation(type: ColumnType | undefined): string {
  return type === 'text' ? ' COLLATE "C"' : '';
}

function list(names: readonly string[]): string {
  return names.map(quote).join(', ');
}

function quote(name: string): string {
  return `"${name}"`;
}
