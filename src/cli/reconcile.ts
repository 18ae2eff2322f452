import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';

import { withAuditParts } from '../app/audit-parts';
import type { Json } from '../domain/events/facts';
import { csvOf } from '../http/csv';
import { readBody } from '../http/json-body';
import { Problem } from '../http/problem';
import { describeFileError } from '../lib/file-error';
import { OwnFolder } from '../lib/own-folder';
import { ReadModel } from '../read-model/queries';
import type { Amount, KindTotal, ReconciliationResult } from '../reconcile/add-up';
import {
  KINDS,
  ReconciliationBody,
  requestOf,
  type Kind,
  type ReconciliationRequest,
} from '../reconcile/asked';
import { ITEM_COLUMNS, ReconciliationItems } from '../reconcile/items';
import { collectLines, reconcile } from '../reconcile/reconcile';
import { csvVendorLines, readJsonList } from '../reconcile/vendor-list';
import type { VendorLine } from '../reconcile/vendor-line';
import type { PastReadModel } from '../snapshots/past-models';
import type { AuditParts } from '../snapshots/parts';
import { readConfigured } from './configured';
import { placeToRead } from './catching-up';
import { UsageError } from './usage-error';
import { checkFileName, writeWhole } from './whole-file';
import { counted } from '../lib/counted';

interface ReconcileOptions {
  readonly provider: string;
  readonly period: string;
  readonly match?: string;
  readonly tolerance?: string;
  /** A file that receives the outcome of each line. */
  readonly items?: string;
  readonly json: boolean;
}

const LABELS: Readonly<Record<Kind, string>> = {
  matched: 'match',
  only_vendor: 'ONLY AT THE VENDOR',
  only_ledger: 'ONLY IN THE LEDGER',
  duration_differs: 'DURATION DIFFERS',
  repeated: 'LISTED TWICE',
};

/**
 * Compares a vendor's list with the configured ledger's logs in its own process, whether or not a service is running.
 * Exit status 0 only if every line and log matches.
 */
export async function runReconcile(file: string, options: ReconcileOptions): Promise<void> {
  const request = requestIn(options);
  const config = readConfigured();
  if (options.items !== undefined) await checkFileName(options.items);
  const own = new OwnFolder('reconcile');
  try {
    await own.removeLeftOver();
    const work = join(await own.folder(), 'work.db');
    await collectLines(work, await linesIn(file));
    const result = await withAuditParts(config, (parts) => compare(parts, work, request));
    if (options.items !== undefined) await writeItems(work, options.items);
    if (options.json) console.log(JSON.stringify(result));
    else print(result);
    if (result.ledger_logs === 0)
      console.error(
        `The ledger has no logs of ${options.provider} in ${options.period}: check --provider and --period.`,
      );
    if (KINDS.some((kind) => kind !== 'matched' && result[kind].count > 0)) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const place = error.more.pointer === undefined ? '' : ` (${error.more.pointer})`;
    throw new Error(`${file}${place}: ${error.detail}`, { cause: error });
  } finally {
    await own.close();
  }
}

async function compare(
  parts: AuditParts,
  work: string,
  request: ReconciliationRequest,
): Promise<ReconciliationResult> {
  const on = ({ queries }: Pick<PastReadModel, 'queries'>) =>
    reconcile(work, new ReadModel(queries, parts.personal), request, () => undefined);
  const live = await parts.openLive();
  try {
    const asOf = await placeToRead(parts, live);
    if (asOf === undefined) return await on(live);
    const { position } = await parts.readModels.placeOf(asOf);
    return await parts.readModels.readPast(position, on);
  } finally {
    await live.close();
  }
}

function requestIn({ provider, period, match, tolerance }: ReconcileOptions) {
  const given = { provider, period, match: match ?? null, tolerance_seconds: tolerance ?? null };
  try {
    return requestOf(readBody(given as Json, ReconciliationBody));
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    throw new UsageError(error.detail);
  }
}

/** JSON begins with a brace or bracket; everything else is read as CSV. */
async function linesIn(file: string): Promise<Iterable<VendorLine> | AsyncIterable<VendorLine>> {
  let beginning: string;
  try {
    const handle = await open(file);
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(64), 0, 64, 0);
      beginning = buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw new Error(describeFileError(error, file), { cause: error });
  }
  if (!/^\ufeff?\s*[{[]/.test(beginning)) return csvVendorLines(file);
  return (await readJsonList(file)).lines;
}

function writeItems(work: string, path: string): Promise<void> {
  const items = new ReconciliationItems(work);
  return writeWhole(path, (file) =>
    pipeline(csvOf(items.all(undefined), ITEM_COLUMNS), file),
  ).finally(() => items.close());
}

function print(result: ReconciliationResult): void {
  console.log(
    `${counted(result.vendor_lines, 'line')} of ${result.vendor_seconds} s; ${counted(result.ledger_logs, 'log')} of ${result.ledger_seconds} s.`,
  );
  for (const kind of KINDS) console.log(`${LABELS[kind]}: ${totalOf(result[kind])}`);
  const { id, session, day_and_duration } = result.matched_by;
  console.log(
    `Matched by request id: ${id}, by session: ${session}, by day and duration: ${day_and_duration}.`,
  );
  console.log(
    `Vendor: ${amounts(result.vendor_cost)}. Billed: ${amounts(result.billed_cost)}. Margin: ${amounts(result.margin)}.`,
  );
}

function totalOf({ count, seconds, cost }: KindTotal): string {
  return `${count}${count === 0 ? '' : `, ${seconds} s${cost === null ? '' : `, cost ${cost}`}`}`;
}

function amounts(all: readonly Amount[]): string {
  return all.map(({ currency, cost }) => `${currency} ${cost}`).join(', ') || 'none';
}
