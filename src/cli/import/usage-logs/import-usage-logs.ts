import { BillingZone } from '../../../domain/billing-period/zone';
import { print } from '../../../domain/money';
import type { SentResult, ServiceError } from '../../client';
import { terminalOf, withBar, type Progress } from '../../progress';
import { UsageError } from '../../usage-error';
import { openDoors, type Doors } from '../doors';
import { Counts } from '../counts';
import { sendLines } from '../send-lines';
import { numberAttempts, refuseLater, type Refused } from './attempts';
import type { ColumnOptions } from './columns';
import { readDerived } from './derived';
import { factsOf } from './facts';
import { foresee } from './foresee';
import { load } from './load';
import { Report } from './report';
import { reportText } from './text';
import { openWorkspace, type Workspace } from './workspace';
import { counted } from '../../../lib/counted';

const BATCH = 1_000;
/** How many refused rows are shown; the report lists all of them. */
const SHOWN = 100;

/** What to import, from where, and what to report. */
export interface UsageLogsOptions extends ColumnOptions {
  readonly file: string;
  /** The source of the facts. It must be the same each time, or a row is recorded twice. */
  readonly source: string;
  /** An IANA zone, for times without an offset and for the old table's months. */
  readonly timeZone: string;
  /** A folder for the report as CSV. */
  readonly report: string | undefined;
  /** Reads the file and reports what can't be recorded, without opening a ledger. */
  readonly dryRun: boolean;
  readonly url: string | undefined;
  /** A producer's key. */
  readonly key: string | undefined;
  /** Finance's key. */
  readonly financeKey: string | undefined;
  readonly json: boolean;
}

/** Records the rows of a mutable usage table as facts, then compares what it charged with what the ledger derives. */
export async function importUsageLogs(options: UsageLogsOptions): Promise<void> {
  const zone = zoneOf(options.timeZone);
  const workspace = openWorkspace();
  try {
    const { rows, leftAlone } = await load(workspace, options.file, options, zone);
    if (leftAlone.length > 0) console.error(`Columns ignored: ${leftAlone.join(', ')}.`);
    numberAttempts(workspace);
    foresee(workspace, options.source);
    if (options.dryRun) return sayPrepared(workspace, rows, options.json);
    const counts = new Counts();
    counts.read = rows;
    tellRefused(workspace, counts);
    const doors = await openDoors(options);
    try {
      const position = await send(workspace, doors, options, counts);
      if (position !== undefined) await derive(workspace, doors, position);
    } catch (error) {
      console.error(`Before it stopped: ${String(counts)} Run it again: it continues from there.`);
      throw error;
    } finally {
      await doors.close();
    }
    await sayReport(new Report(workspace), counts, options);
  } finally {
    workspace.close();
  }
}

function zoneOf(name: string): BillingZone {
  try {
    return new BillingZone(name);
  } catch {
    throw new UsageError(`--time-zone: ${name} is not an IANA time zone, such as Asia/Taipei.`);
  }
}

/** @returns a position that includes everything sent; `undefined` if nothing was sent. */
async function send(
  workspace: Workspace,
  { producer }: Doors,
  { source, json }: UsageLogsOptions,
  counts: Counts,
): Promise<string | undefined> {
  const total = workspace
    .prepare<[], number>('SELECT count(*) FROM rows WHERE code IS NULL')
    .pluck()
    .get()!;
  const judged = () => counts.recorded + counts.duplicate + counts.rejected;
  const before = judged();
  let position: string | undefined;
  const send = async (bar: Progress) => {
    for (const batch of factsOf(workspace, source, BATCH)) {
      const results = await sendLines(producer.url, producer.key, batch);
      results.forEach((result, index) => {
        const { number } = batch[index]!;
        counts.add(number, result);
        if (result.status === 'rejected') noteRefused(workspace, number, result, counts);
        else position = later(position, result.position);
      });
      bar.to(judged() - before);
    }
  };
  await withBar('importing', 'rows', total, send, terminalOf({ json }));
  return position;
}

/** Notes that the ledger refused a row. What waits for that row is then refused, too. */
function noteRefused(
  workspace: Workspace,
  line: number,
  { code, detail }: SentResult,
  counts: Counts,
): void {
  workspace.prepare('UPDATE rows SET code = ?, detail = ? WHERE line = ?').run(code, detail, line);
  // The ledger has this attempt as an earlier version of the row reported it, so nothing waits for it.
  if (code === 'event_id_reused') return;
  for (const one of refuseLater(workspace, line)) {
    counts.add(one.line, { status: 'rejected', code: one.code, detail: one.detail });
  }
}

/** @throws Error that says which key is missing, if that is the cause. */
async function derive(workspace: Workspace, { finance }: Doors, position: string): Promise<void> {
  try {
    await readDerived(workspace, finance, position);
  } catch (error) {
    const { status } = error as Partial<ServiceError>;
    if (status !== 401 && status !== 403) throw error;
    const says =
      "The rows are recorded, but the report needs finance's key: give it with --finance-key";
    throw new Error(`${says}, and run it again.`, { cause: error });
  }
}

function later(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return BigInt(a) > BigInt(b) ? a : b;
}

function tellRefused(workspace: Workspace, counts?: Counts): number {
  const refused = workspace.prepare<[], Refused>(
    'SELECT line, code, detail FROM rows WHERE code IS NOT NULL ORDER BY line',
  );
  let told = 0;
  for (const { line, code, detail } of refused.iterate()) {
    told += 1;
    if (told <= SHOWN) console.error(`line ${line}: ${code}: ${detail}`);
  }
  if (told > SHOWN) console.error(`(and ${told - SHOWN} more, which the report lists)`);
  if (counts !== undefined) counts.rejected += told;
  return told;
}

function sayPrepared(workspace: Workspace, rows: number, json: boolean): void {
  const refused = tellRefused(workspace);
  if (json) console.log(JSON.stringify({ read: rows, refused }));
  else
    console.log(
      `${counted(rows, 'row')} read, ${refused} can't be recorded. Nothing was recorded.`,
    );
  if (refused > 0) process.exitCode = 1;
}

async function sayReport(
  report: Report,
  counts: Counts,
  { report: folder, json }: UsageLogsOptions,
): Promise<void> {
  if (folder !== undefined) await report.write(folder);
  const unexplained = report.reasons.get('unexplained') ?? 0;
  if (json) {
    const reasons = Object.fromEntries(report.reasons);
    console.log(JSON.stringify({ ...counts, reasons, unexplained, totals: totalsOf(report) }));
  } else {
    console.log(`${String(counts).replace('event', 'row')}\n${reportText(report)}`);
    if (folder !== undefined)
      console.log(`\nThe report, by row, user and month, and the refused rows are in ${folder}`);
  }
  if (counts.rejected > 0 || unexplained > 0) process.exitCode = 1;
}

/** Returns totals by currency. Cents are decimal strings, because the old table's cents may have decimals. */
function totalsOf(report: Report): object[] {
  return [...report.all.sorted()].map(([, sum]) => ({
    currency: sum.currency,
    rows: sum.rows,
    duration_seconds: print(sum.seconds),
    billed_seconds: print(sum.billed),
    old_cents: print(sum.old),
    cost_cents: print(sum.derived),
  }));
}
