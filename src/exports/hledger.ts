import { BEFORE_ALL } from '../read-model/queries';
import type { LogPlace } from '../domain/billing/place';
import type { AdjustmentView, UsageLogView } from '../read-model/views';
import { summariesOf } from '../usage/period-totals';
import { escapeText, printAmount } from './hledger-text';
import { adjustmentPages, logPages, type ExportSource } from './rows';

/** A transaction: its local day, and the text after the day. */
interface Entry {
  readonly day: string;
  readonly text: string;
}

const RECEIVABLE = 'assets:receivable';
const CHUNK = 500;

/** The rank before every late log and after every other one. */
const BEFORE_LATE: LogPlace = { ...BEFORE_ALL, late_position: 1, completed_at: -1 };

/**
 * Writes an hledger journal: one transaction for each log or adjustment, by date. It declares what it uses, is ASCII,
 * and passes `hledger check --strict ordereddates`. For a closed period it ends by asserting the totals that the close
 * pinned.
 */
export async function* writeHledger(source: ExportSource): AsyncGenerator<string> {
  yield* header(source);
  let chunk: string[] = [];
  let day = '';
  for await (const next of byDay([logs(source), lateLogs(source), adjustments(source)])) {
    // If clocks go back over midnight, a day occurs twice, but dates in a journal must not go back.
    if (next.day > day) day = next.day;
    chunk.push(`${day} ${next.text}`);
    if (chunk.length < CHUNK) continue;
    yield chunk.join('');
    chunk = [];
  }
  yield chunk.join('') + assertion(source);
}

/**
 * Writes the commodities and accounts. They are known before any transaction, because every user with one has a
 * summary.
 */
async function* header(source: ExportSource): AsyncGenerator<string> {
  const { period, position, terms } = source;
  const state = terms.close(period) === undefined ? 'open' : 'closed';
  yield `; Minutebook: usage and adjustments of ${period} (${state}), at position ${position}\n\n`;
  const { usage, adjustments } = revenues(period);
  yield `account ${usage}\naccount ${adjustments}\n`;
  const currencies = new Set((terms.close(period)?.totals ?? []).map((one) => one.currency));
  let user: string | undefined;
  let lines: string[] = [];
  for await (const { userId, currency } of summariesOf(source.snapshot, period)) {
    currencies.add(currency);
    if (userId === user) continue;
    user = userId;
    lines.push(`account ${receivable(userId)}\n`);
    if (lines.length < CHUNK) continue;
    yield lines.join('');
    lines = [];
  }
  const commodities = [...currencies].sort().map((one) => `commodity 1000.00 ${one}\n`);
  yield [...lines, '\n', ...commodities, '\n'].join('');
}

/** Returns the logs that are not late, by completion. */
async function* logs(source: ExportSource): AsyncGenerator<Entry> {
  for await (const page of logPages(source, BEFORE_ALL)) {
    for (const log of page) {
      if (log.late) return;
      yield logEntry(log, Date.parse(log.completed_at), source);
    }
  }
}

/** Returns the late logs by the time they were recorded, which is their order in statements. */
async function* lateLogs(source: ExportSource): AsyncGenerator<Entry> {
  for await (const page of logPages(source, BEFORE_LATE)) {
    for (const log of page) {
      yield logEntry(log, await source.recordedAt(Number(log.position)), source);
    }
  }
}

async function* adjustments(source: ExportSource): AsyncGenerator<Entry> {
  for await (const page of adjustmentPages(source)) {
    for (const one of page) {
      yield adjustmentEntry(one, await source.recordedAt(Number(one.position)), source);
    }
  }
}

/** Merges ordered sources into one order. Within a day the earlier source comes first. */
async function* byDay(sources: readonly AsyncGenerator<Entry>[]): AsyncGenerator<Entry> {
  const waiting: { next: Entry; source: AsyncGenerator<Entry> }[] = [];
  for (const source of sources) {
    const first = await source.next();
    if (first.done !== true) waiting.push({ next: first.value, source });
  }
  while (waiting.length > 0) {
    const earliest = waiting.reduce((best, one) => (one.next.day < best.next.day ? one : best));
    yield earliest.next;
    const following = await earliest.source.next();
    if (following.done === true) waiting.splice(waiting.indexOf(earliest), 1);
    else earliest.next = following.value;
  }
}

function logEntry(log: UsageLogView, moment: number, source: ExportSource): Entry {
  const title = `${log.late ? 'late transcription' : 'transcription'} by ${log.stt_provider}`;
  return entry(source, moment, log.id, title, revenues(source.period).usage, {
    user: log.user_id,
    currency: log.currency,
    cents: log.cost_cents,
    tags: {
      session: log.session_id,
      provider: log.stt_provider,
      seconds: log.billed_seconds,
      billing_reason: log.billing_reason,
    },
  });
}

function adjustmentEntry(one: AdjustmentView, moment: number, source: ExportSource): Entry {
  const title = one.amount_cents < 0 ? 'credit' : 'debit';
  return entry(source, moment, one.id, title, revenues(source.period).adjustments, {
    user: one.user_id,
    currency: one.currency,
    cents: one.amount_cents,
    tags: {
      reason: one.reason,
      ...(one.reference === null ? {} : { reference: one.reference }),
      ...(one.voids === null ? {} : { voids: one.voids }),
    },
  });
}

interface Charge {
  readonly user: string;
  readonly currency: string;
  readonly cents: number;
  readonly tags: Readonly<Record<string, string>>;
}

function entry(
  source: ExportSource,
  moment: number,
  code: string,
  title: string,
  account: string,
  { user, currency, cents, tags }: Charge,
): Entry {
  const day = dayWithin(source, moment);
  const told = Object.entries(tags).map(([name, value]) => `    ; ${name}: ${escapeText(value)}\n`);
  const text = [
    `(${escapeText(code)}) ${title}\n`,
    ...told,
    `    ${receivable(user)}  ${printAmount(cents, currency)}\n`,
    `    ${account}  ${printAmount(-cents, currency)}\n\n`,
  ];
  return { day, text: text.join('') };
}

/** Returns the local day of an instant, clamped to the period. */
function dayWithin({ terms, period }: ExportSource, moment: number): string {
  const day = terms.zone.dayOf(moment);
  if (day.slice(0, -3) === period) return day;
  return moment < terms.range(period).from ? `${period}-01` : lastDay(period);
}

function lastDay(period: string): string {
  const [year, month] = period.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** For a closed period, asserts that the export adds up to the totals that the close pinned, to the cent. */
function assertion({ terms, period }: ExportSource): string {
  const close = terms.close(period);
  if (close === undefined || close.totals.length === 0) return '';
  const { usage, adjustments } = revenues(period);
  const lines = close.totals.flatMap((total) => [
    assertLine(usage, total.usage_cost_cents, total.currency),
    assertLine(adjustments, total.adjustments_cents, total.currency),
  ]);
  return `${lastDay(period)} closing of ${period}\n    ; root: ${close.root}\n${lines.join('')}\n`;
}

function assertLine(account: string, cents: number, currency: string): string {
  return `    ${account}  ${printAmount(0, currency)} = ${printAmount(-cents, currency)}\n`;
}

function receivable(user: string): string {
  return `${RECEIVABLE}:${escapeText(user)}`;
}

/**
 * Returns the accounts of a period. Its name is part of theirs, so that journals of several months can be read
 * together, with their assertions.
 */
function revenues(period: string): { usage: string; adjustments: string } {
  return { usage: `revenues:${period}:usage`, adjustments: `revenues:${period}:adjustments` };
}
