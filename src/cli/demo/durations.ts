import { createReadStream } from 'node:fs';

import { parse } from 'csv-parse';

import { FACT_TYPES } from '../../domain/events/facts';
import { describeFileError } from '../../lib/file-error';
import type { WireEvent } from './traffic';

const RECORDING = 'recording_id';
const USER = 'speaker_or_user';
const DURATION = 'duration_seconds';
const ID = /^(?!\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$/;

/**
 * Reads real durations from a CSV file (`recording_id,speaker_or_user,duration_seconds`; other columns are ignored):
 * one completed session for each row, a second apart, the last one at `end` (milliseconds since 1970).
 * @throws Error that names the faulty line.
 */
export async function readDurations(path: string, end: number): Promise<WireEvent[]> {
  const rows: { id: string; user: string; duration: string }[] = [];
  const parser = parse({ columns: true, bom: true, skip_empty_lines: true, trim: true });
  const file = createReadStream(path);
  file.once('error', (error) => parser.destroy(new Error(describeFileError(error, path))));
  file.pipe(parser);
  for await (const record of parser as AsyncIterable<Record<string, string | undefined>>) {
    const line = rows.length + 2;
    rows.push({
      id: readId(record, RECORDING, line),
      user: readId(record, USER, line),
      duration: read(record, DURATION, line),
    });
  }
  return rows.map(({ id, user, duration }, index) => ({
    specversion: '1.0',
    id: `${id}-completed`,
    source: 'demo/durations',
    type: FACT_TYPES.completed,
    time: new Date(end - (rows.length - index) * 1_000).toISOString(),
    data: { session_id: id, user_id: user, stt_provider: 'google', duration_seconds: duration },
  }));
}

/** Ids in the data may contain `/`; the ledger's may not. */
function readId(record: Record<string, string | undefined>, column: string, line: number): string {
  const id = read(record, column, line).replaceAll('/', ':');
  if (ID.test(id)) return id;
  throw new Error(`Line ${line}: ${column} must be 1 to 128 characters of A-Z a-z 0-9 . _ : @ - /`);
}

function read(record: Record<string, string | undefined>, column: string, line: number): string {
  const value = record[column];
  if (value === undefined) {
    throw new Error(
      `The file has no column ${column}: its first line must name ${RECORDING},${USER},${DURATION}.`,
    );
  }
  if (value === '') throw new Error(`Line ${line}: ${column} is empty.`);
  return value;
}
