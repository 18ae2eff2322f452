import { Readable } from 'node:stream';

import { parse } from 'csv-parse';

import type { BillingZone } from '../../../domain/billing-period/zone';
import { LINE_ENDS } from '../../../lib/line-ends';
import { inputOf } from '../input';
import { Columns, type ColumnOptions, type Field } from './columns';
import { RowError, RowReader, type OldRow } from './old-row';
import { index, type Workspace } from './workspace';

const MOST_BYTES_A_RECORD = 1_048_576;
/** How much of an unreadable row is kept, to find it by, in characters. */
const SHOWN = 128;

const INSERT = `INSERT INTO rows (line, id, session, raw_session, user, raw_user, at, attempt, parent, retry, failed,
    seconds, provider, data, cents, currency, billable, month, code, detail)
  VALUES (@line, @id, @session, @raw_session, @user, @raw_user, @at, @attempt, @parent, @retry, @failed,
    @seconds, @provider, @data, @cents, @currency, @billable, @month, @code, @detail)`;

/**
 * Reads a CSV file (RFC 4180, with a header) into the workspace.
 * @returns how many rows it has, and the names of the columns that match no field.
 * @throws Error if the file can't be read, is not UTF-8 or CSV, or lacks a column.
 */
export async function load(
  workspace: Workspace,
  path: string,
  options: ColumnOptions,
  zone: BillingZone,
): Promise<{ readonly rows: number; readonly leftAlone: readonly string[] }> {
  const insert = workspace.prepare(INSERT);
  const parser = parse({
    bom: true,
    info: true,
    record_delimiter: [...LINE_ENDS],
    skip_empty_lines: true,
    relax_column_count: true,
    max_record_size: MOST_BYTES_A_RECORD,
  });
  const file = Readable.from(utf8Of(path));
  file.once('error', (error) => parser.destroy(error));
  file.pipe(parser);
  let reader: RowReader | undefined;
  let leftAlone: readonly string[] = [];
  let rows = 0;
  workspace.exec('BEGIN');
  for await (const { record, info } of parser as AsyncIterable<Parsed>) {
    if (reader === undefined) {
      const columns = Columns.of(record, options);
      ({ leftAlone } = columns);
      reader = new RowReader(columns, zone);
      continue;
    }
    rows += 1;
    insert.run(rowOf(reader, record, info.lines, zone));
  }
  workspace.exec('COMMIT');
  if (reader === undefined) throw new Error(`${path} is empty: its first line names the columns.`);
  index(workspace);
  return { rows, leftAlone };
}

/** Reads bytes that must be UTF-8: the parser would replace others, and names or ids would be recorded wrong. */
async function* utf8Of(path: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (bytes?: Buffer) => {
    try {
      decoder.decode(bytes, { stream: bytes !== undefined });
    } catch {
      throw new Error(
        `${path} is not UTF-8. Export it as UTF-8, or convert it, from its own encoding: iconv -f WINDOWS-1252 -t UTF-8 ${path} > utf-8.csv`,
      );
    }
  };
  for await (const bytes of inputOf(path)) {
    check(bytes);
    yield bytes;
  }
  check();
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

function rowOf(reader: RowReader, record: readonly string[], line: number, zone: BillingZone) {
  const { cents = null, currency = null, billable } = reader.charge(record);
  const charge = { line, cents, currency, billable: flag(billable) };
  try {
    const row = reader.read(record);
    return {
      ...charge,
      ...told(row),
      month: zone.periodOf(row.at).period,
      code: null,
      detail: null,
    };
  } catch (error) {
    if (!(error instanceof RowError)) throw error;
    return {
      ...charge,
      ...NOTHING,
      ...placeOf(reader, record),
      code: error.code,
      detail: error.message,
    };
  }
}

/** Returns the id of a row that can't be read, and where it belongs, because other rows may follow it. */
function placeOf(reader: RowReader, record: readonly string[]) {
  const text = (field: Field) => reader.text(record, field) ?? null;
  const id = text('id')?.slice(0, SHOWN) ?? null;
  const user = text('user_id')?.slice(0, SHOWN) ?? null;
  const session = text('session_id');
  return {
    id,
    session: session === null ? null : asId(session),
    raw_session: session,
    user,
    raw_user: user,
    parent: text('parent_log_id'),
  };
}

const NOTHING = {
  at: null,
  attempt: null,
  retry: null,
  failed: null,
  seconds: null,
  provider: null,
  data: null,
  month: null,
};

function told(row: OldRow) {
  const { id, session, user, at, attempt, parent, retry, failed, seconds, provider, said } = row;
  return {
    id,
    session: session === undefined ? null : asId(session),
    raw_session: session ?? null,
    user: asId(user),
    raw_user: user,
    at,
    attempt: attempt ?? null,
    parent: parent ?? null,
    retry: flag(retry),
    failed: flag(failed),
    seconds: seconds ?? null,
    provider,
    data: JSON.stringify(said),
  };
}

/** The ledger's ids contain no `/`, because they appear in URL paths. */
function asId(text: string): string {
  return text.replaceAll('/', ':');
}

function flag(value: boolean | undefined): number | null {
  return value === undefined ? null : Number(value);
}
