import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';

import { CsvError, parse } from 'csv-parse';

import { parseJson } from '../http/body';
import { Problem } from '../http/problem';
import { LINE_ENDS } from '../lib/line-ends';
import { withoutByteOrderMark } from '../lib/strict-json';
import { deepgramLines, assemblyAiLines } from './vendor-shapes';
import { LINE_FIELDS, readLine, type VendorLine } from './vendor-line';

/**
 * How many bytes a list may have as JSON, which is read as a whole; how many lines in either form; and how many bytes
 * one record of CSV.
 */
const MOST_JSON_BYTES = 64 * 1_024 * 1_024;
const MOST_LINES = 2_000_000;
const MOST_RECORD_BYTES = 65_536;

/** The fields beside the lines of a list in JSON. */
export type Beside = Readonly<Record<string, unknown>>;

/** Reads a vendor's list as CSV, line by line. @throws Problem with a pointer to what is wrong. */
export async function* csvVendorLines(file: string): AsyncGenerator<VendorLine> {
  const source = createReadStream(file);
  const parser = parse({
    bom: true,
    columns: checkedHeader,
    record_delimiter: [...LINE_ENDS],
    skip_empty_lines: true,
    relax_column_count: false,
    max_record_size: MOST_RECORD_BYTES,
    info: true,
  });
  // `pipe` passes on neither an error of the file nor the end of the parser.
  source.on('error', (error) => parser.destroy(error));
  const records = source.pipe(parser) as AsyncIterable<{
    readonly info: { readonly lines: number };
    readonly record: object;
  }>;
  let number = 0;
  try {
    for await (const { info, record } of records) {
      yield inLine(info.lines, () => readLine(record, bounded(number)));
      number += 1;
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    throw new Problem('invalid_body', `The CSV can't be read: ${error.message}.`, {
      pointer: `/lines/${number}`,
    });
  } finally {
    source.destroy();
  }
}

/** Reads a line of the file. If that is refused, puts the number of the line before the reason. */
function inLine<T>(line: number, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof Problem) || error.more.pointer === '/lines') throw error;
    throw new Problem(error.code, `Line ${line}: ${error.detail}`, error.more);
  }
}

function checkedHeader(names: readonly string[]): string[] {
  const fault = faultOfHeader(names);
  if (fault === undefined) return [...names];
  throw new Problem(
    'invalid_body',
    `Line 1 ${fault}. It must name the columns, separated by commas: duration_seconds, and those of ${LINE_FIELDS.join(', ')} that the file has.`,
    { pointer: '/lines' },
  );
}

function faultOfHeader(names: readonly string[]): string | undefined {
  const unknown = names.find((name) => !(LINE_FIELDS as readonly string[]).includes(name));
  if (unknown !== undefined) return `names a column ${JSON.stringify(unknown.slice(0, 64))}`;
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `names ${twice} twice`;
  return names.includes('duration_seconds') ? undefined : 'names no duration_seconds';
}

/**
 * Reads a list as JSON: our own format (`lines`), Deepgram's (`requests`) or AssemblyAI's (`transcripts`). Editors may
 * have put a byte order mark before it.
 * @throws Problem with a pointer to what is wrong.
 */
export async function readJsonList(
  file: string,
): Promise<{ readonly lines: Iterable<VendorLine>; readonly beside: Beside }> {
  if ((await stat(file)).size > MOST_JSON_BYTES) {
    throw new Problem('body_too_large', 'A list in JSON has at most 64 MiB: send it as CSV.');
  }
  const body = parseJson(withoutByteOrderMark(await readFile(file)));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw new Problem('invalid_field', 'The body must be a JSON object.', { pointer: '' });
  }
  const { lines, requests, transcripts, ...beside } = body as Readonly<Record<string, unknown>>;
  if (lines !== undefined) return { lines: ownLines(listOf(lines, 'lines')), beside };
  if (requests !== undefined) {
    return { lines: deepgramLines(listOf(requests, 'requests')), beside: oursIn(beside) };
  }
  if (transcripts !== undefined) {
    return {
      lines: assemblyAiLines(listOf(transcripts, 'transcripts')),
      beside: oursIn(beside),
    };
  }
  throw new Problem('missing_field', 'lines is required.', { pointer: '/lines' });
}

/** Returns only our own fields from those beside a list: vendors add others. */
function oursIn(beside: Beside): Beside {
  const ours = ['provider', 'period', 'match', 'tolerance_seconds'];
  return Object.fromEntries(Object.entries(beside).filter(([name]) => ours.includes(name)));
}

function* ownLines(lines: readonly unknown[]): Generator<VendorLine> {
  for (const [index, line] of lines.entries()) yield readLine(line, `/lines/${index}`);
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value) && value.length <= MOST_LINES) return value;
  const detail = `${name} must be a list of at most ${MOST_LINES} lines.`;
  throw new Problem('invalid_field', detail, { pointer: `/${name}` });
}

function bounded(number: number): string {
  if (number < MOST_LINES) return `/lines/${number}`;
  const detail = `A list has at most ${MOST_LINES} lines. Send it in parts.`;
  throw new Problem('invalid_body', detail, { pointer: '/lines' });
}
