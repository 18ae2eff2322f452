import { getJson, getPieces } from '../../client';
import { LineSplitter } from '../lines';
import type { Workspace } from './workspace';

const MOST_BYTES_A_LOG = 1_048_576;
const PAGE = 500;

/** The service from which to read what the ledger derives, with finance's key. */
export interface Books {
  readonly url: string;
  readonly key: string | undefined;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly next_cursor: string | null;
}

interface Log {
  readonly record: string;
  readonly id: string;
  readonly session_id: string;
  readonly attempt: number;
  readonly billable: boolean;
  readonly billing_reason: string;
  readonly transcription_type: string;
  readonly billed_seconds: string;
  readonly included_seconds: string;
  readonly cost: string;
  readonly cost_cents: number;
  readonly currency: string;
  readonly billing_period: string;
  readonly late: boolean;
}

const ADD_LOG = `INSERT OR REPLACE INTO logs SELECT @session_id, @attempt, @id, @billable, @billing_reason,
    @transcription_type, @billed_seconds, @included_seconds, @cost, @cost_cents, @currency, @billing_period, @late
  WHERE EXISTS (SELECT 1 FROM rows WHERE session = @session_id AND attempt = @attempt)`;

/**
 * Reads what the ledger derives into the workspace, beside the rows: their usage logs, in whatever period they are
 * billed, and the attempts that wait.
 * @param position that the answers must include.
 * @throws as `getJson` and `getPieces` do.
 */
export async function readDerived(
  workspace: Workspace,
  books: Books,
  position: string,
): Promise<void> {
  await readWaiting(workspace, books, position);
  const add = workspace.prepare(ADD_LOG);
  for await (const { period } of pages<{ period: string }>(books, '/v1/billing-periods?')) {
    const path = `/v1/audit/export?period=${period}&format=ndjson&at_least=${position}`;
    workspace.exec('BEGIN');
    for await (const log of lines(books, path)) {
      if (log.record !== 'usage_log') continue;
      add.run({ ...log, billable: Number(log.billable), late: Number(log.late) });
    }
    workspace.exec('COMMIT');
  }
}

async function readWaiting(workspace: Workspace, books: Books, position: string): Promise<void> {
  const add = workspace.prepare('INSERT OR REPLACE INTO waiting VALUES (?, ?, ?)');
  const path = `/v1/audit/pending?at_least=${position}&`;
  type Waiting = { session_id: string; attempt: number; status: string };
  for await (const { session_id, attempt, status } of pages<Waiting>(books, path)) {
    add.run(session_id, attempt, status);
  }
}

async function* pages<T>({ url, key }: Books, path: string): AsyncGenerator<T> {
  let cursor: string | null = '';
  while (cursor !== null) {
    const after: string = cursor && `&cursor=${encodeURIComponent(cursor)}`;
    const page: Page<T> = await getJson(`${url}${path}limit=${PAGE}${after}`, key);
    yield* page.items;
    cursor = page.next_cursor;
  }
}

/** Streams an export, because a month of logs may not fit into memory. */
async function* lines({ url, key }: Books, path: string): AsyncGenerator<Log> {
  const splitter = new LineSplitter(MOST_BYTES_A_LOG);
  const parse = (bytes: Buffer | undefined) => JSON.parse(bytes?.toString() ?? '') as Log;
  for await (const chunk of getPieces(`${url}${path}`, key)) {
    for (const line of splitter.take(Buffer.from(chunk))) yield parse(line.bytes);
  }
  for (const line of splitter.end()) yield parse(line.bytes);
}
