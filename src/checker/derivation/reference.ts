/**
 * A naive reading of docs/reference/rules.md: a bill from the events of a ledger, with no incremental state and exact
 * fractions. It was written from the rules alone, to be compared with what the service derives. If the two differ, one
 * of them misread the rules.
 */
import { Replay } from './closing';
import { type Derived, type ReferenceLog, toMinutes, type Waiting } from './derived';
import { byText } from './facts';
import { History } from './history';
import type { LedgerEntry } from './ledger';
import { Rational, sum } from './rational';

export type { Derived } from './derived';
export { judge } from './judge';
export type { CloudEvent, LedgerEntry, RawCard, RawPlan } from './ledger';

interface ReferencePart {
  transcriptions: number;
  billed_seconds: string;
  billable_minutes: string;
  cost: string;
  cost_cents: number;
}

export interface ReferenceSummary {
  user_id: string;
  period: string;
  currency: string;
  sessions: number;
  transcriptions: number;
  failed_attempts: number;
  free_retries: number;
  retranscriptions: number;
  total_seconds: string;
  billed_seconds: string;
  included_seconds: string;
  billable_minutes: string;
  cost: string;
  usage_cost_cents: number;
  adjustments_cents: number;
  cost_cents: number;
  by_provider: ({ stt_provider: string } & ReferencePart)[];
  by_transcription_type: ({ transcription_type: string } & ReferencePart)[];
}

export interface ReferenceBill {
  /** By billing period, user and currency, then in the order of the statement. */
  logs: ReferenceLog[];
  /** By session and attempt. */
  waiting: Waiting[];
  /** By period, user and currency: one for each combination that has something to sum. */
  summaries: ReferenceSummary[];
}

/** Derives everything from the first `size` events (by default all of them), for checks of commands. */
export const derive = (entries: readonly LedgerEntry[], size = entries.length): Derived =>
  new Replay(History.of(entries)).derive(size);

/** Derives a bill. `_now` is unused: nothing here depends on the clock (docs/reference/rules.md#force-4). */
export function reference(entries: readonly LedgerEntry[], _now: number): ReferenceBill {
  const derived = derive(entries);
  const logs = [...derived.rows]
    .sort(
      (a, b) =>
        byText(a.billing_period, b.billing_period) ||
        byText(a.user_id, b.user_id) ||
        byText(a.log.currency, b.log.currency) ||
        a.rank - b.rank,
    )
    .map((row) => row.log);
  const waiting = derived.waiting.map(({ usage_period: _, ...one }) => one);
  return { logs, waiting, summaries: summariesOf(derived) };
}

const total = (logs: readonly ReferenceLog[], field: keyof ReferenceLog): Rational =>
  sum(logs.map((log) => Rational.parse(log[field] as string | number)));

const cents = (all: readonly { cost_cents: number }[]): number =>
  all.reduce((amount, one) => amount + one.cost_cents, 0);

function partOf(logs: readonly ReferenceLog[]): ReferencePart {
  const billed = total(logs, 'billed_seconds');
  return {
    transcriptions: logs.length,
    billed_seconds: billed.toWire(),
    // From the total, never as a sum of rounded minutes (docs/reference/rules.md#value-4).
    billable_minutes: toMinutes(billed),
    cost: total(logs, 'cost').toWire(),
    cost_cents: cents(logs),
  };
}

const partsOf = <N extends 'stt_provider' | 'transcription_type'>(
  logs: readonly ReferenceLog[],
  name: N,
): ({ [K in N]: string } & ReferencePart)[] =>
  [...new Set(logs.map((log) => log[name] as string))].sort(byText).map((value) => ({
    ...({ [name]: value } as { [K in N]: string }),
    ...partOf(logs.filter((log) => log[name] === value)),
  }));

/** What counts for one user in one period and currency. */
interface Counted {
  readonly logs: ReferenceLog[];
  readonly failures: Derived['failures'][number][];
  readonly adjustments: Derived['adjustments'][number][];
}

/** Returns a summary for each user, period and currency that has something to sum. */
export function summariesOf(derived: Derived): ReferenceSummary[] {
  const groups = new Map<string, Counted>();
  const groupOf = (one: { billing_period: string; user_id: string; currency: string }) => {
    const key = JSON.stringify([one.billing_period, one.user_id, one.currency]);
    const group = groups.get(key) ?? { logs: [], failures: [], adjustments: [] };
    groups.set(key, group);
    return group;
  };
  for (const { log } of derived.rows) groupOf(log).logs.push(log);
  for (const failure of derived.failures) groupOf(failure).failures.push(failure);
  for (const adjustment of derived.adjustments) groupOf(adjustment).adjustments.push(adjustment);
  return [...groups]
    .map(([key, counted]) => summaryOf(JSON.parse(key) as [string, string, string], counted))
    .sort(
      (a, b) =>
        byText(a.period, b.period) ||
        byText(a.user_id, b.user_id) ||
        byText(a.currency, b.currency),
    );
}

function summaryOf(
  [period, user_id, currency]: [string, string, string],
  { logs, failures, adjustments }: Counted,
): ReferenceSummary {
  const adjusted = adjustments.reduce((amount, one) => amount + one.amount_cents, 0);
  const { cost_cents: usage, ...part } = partOf(logs);
  return {
    user_id,
    period,
    currency,
    sessions: new Set([...logs, ...failures].map((one) => one.session_id)).size,
    transcriptions: logs.length,
    failed_attempts: failures.length,
    free_retries: logs.filter((log) => log.billing_reason === 'retry_after_failure_free').length,
    retranscriptions: logs.filter((log) => log.transcription_type === 'retry_success').length,
    total_seconds: total(logs, 'duration_seconds').toWire(),
    billed_seconds: part.billed_seconds,
    included_seconds: total(logs, 'included_seconds').toWire(),
    billable_minutes: part.billable_minutes,
    cost: part.cost,
    usage_cost_cents: usage,
    adjustments_cents: adjusted,
    cost_cents: usage + adjusted,
    by_provider: partsOf(logs, 'stt_provider'),
    by_transcription_type: partsOf(logs, 'transcription_type'),
  };
}
