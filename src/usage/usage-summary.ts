import { Terms } from '../domain/account/terms';
import { addMonths } from '../domain/billing-period/zone';
import type { Summaries } from '../domain/billing/summary';
import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import type { Plan } from '../domain/plan/plan';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { Counts, SummaryCounts } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { checkCurrency, standingOf } from './standing';
import type { SummaryView } from './usage.schemas';

/** A user's usage of one billing period and currency, added up. */
export class UsageSummary extends Question<SummaryView> {
  constructor(
    readonly userId: string,
    readonly period: string | undefined,
    readonly currency: string | undefined,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageSummaryHandler implements Answerer<UsageSummary, SummaryView> {
  constructor(private readonly models: Reads) {}

  execute({ userId, period, currency, asOf }: UsageSummary): Promise<SummaryView> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      checkCurrency(terms, currency);
      const shown = period ?? terms.periodOf(now).period;
      return summaryOf(snapshot, terms, position, userId, shown, currency, now);
    });
  }
}

/** A user's summaries of the last months, newest first, empty ones included. */
export class UsageHistory extends Question<readonly SummaryView[]> {
  constructor(
    readonly userId: string,
    readonly months: number,
    readonly currency: string | undefined,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageHistoryHandler implements Answerer<UsageHistory, readonly SummaryView[]> {
  constructor(private readonly models: Reads) {}

  execute({ userId, months, currency, asOf }: UsageHistory): Promise<readonly SummaryView[]> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      checkCurrency(terms, currency);
      const newest = terms.periodOf(now).period;
      const shown = currency ?? terms.currency(userId, newest);
      const summaries: SummaryView[] = [];
      for (let back = 0; back < months; back += 1) {
        const period = addMonths(newest, -back);
        if (period < '1970-01') break;
        summaries.push(await summaryOf(snapshot, terms, position, userId, period, shown, now));
      }
      return summaries;
    });
  }
}

const NOTHING: SummaryCounts = {
  sessions: 0,
  transcriptions: 0,
  failed_attempts: 0,
  free_retries: 0,
  retranscriptions: 0,
  adjustments: 0,
  adjustments_cents: 0,
  total_seconds: '0',
  billed_seconds: '0',
  included_seconds: '0',
  cost: '0',
  usage_cost_cents: 0,
  by_provider: {},
  by_transcription_type: {},
};

/** @param now in milliseconds since 1970. */
async function summaryOf(
  snapshot: ReadModelSnapshot,
  terms: Terms,
  position: number,
  userId: string,
  period: string,
  asked: string | undefined,
  now: number,
): Promise<SummaryView> {
  const currency = asked ?? terms.currency(userId, period);
  const row = await snapshot.statement(userId, period);
  const summaries = row === undefined ? {} : (JSON.parse(row.summaries) as Summaries);
  return summaryView({ userId, period, currency, summaries }, terms, position, now);
}

/** What a summary covers. */
interface Summarised {
  readonly userId: string;
  readonly period: string;
  readonly currency: string;
  readonly summaries: Summaries;
}

/** Makes a summary (docs/reference/http.md#get-v1usersuser_idusage-summary). `now` is in milliseconds since 1970. */
export function summaryView(
  { userId, period, currency, summaries }: Summarised,
  terms: Terms,
  position: number,
  now: number,
): SummaryView {
  const counts = summaries[currency] ?? NOTHING;
  // The period is half-open, so its last plan is the one in force at its last instant.
  const moment = Math.min(terms.range(period).to - 1, now);
  const plan = terms.plan(userId, moment);
  return {
    user_id: userId,
    period,
    currency,
    sessions: counts.sessions,
    transcriptions: counts.transcriptions,
    failed_attempts: counts.failed_attempts,
    free_retries: counts.free_retries,
    retranscriptions: counts.retranscriptions,
    total_seconds: counts.total_seconds,
    billed_seconds: counts.billed_seconds,
    included_seconds: counts.included_seconds,
    billable_minutes: toMinutes(new Decimal(counts.billed_seconds)),
    cost: counts.cost,
    usage_cost_cents: counts.usage_cost_cents,
    adjustments_cents: counts.adjustments_cents,
    cost_cents: counts.usage_cost_cents + counts.adjustments_cents,
    by_provider: groups(counts.by_provider, 'stt_provider'),
    by_transcription_type: groups(counts.by_transcription_type, 'transcription_type'),
    plan: plan.plan,
    limits: limitsOf(plan),
    remaining_minutes: remaining(plan, counts.billed_seconds),
    closed: terms.close(period) !== undefined,
    other_currencies: Object.keys(summaries).filter((one) => one !== currency),
    position: String(position),
  };
}

/** Returns groups by name. JavaScript would put names that look like whole numbers first. */
function groups(counts: Readonly<Record<string, Counts>>, name: string): object[] {
  const sorted = Object.entries(counts).sort(([a], [b]) => (a < b ? -1 : 1));
  return sorted.map(([value, one]) => ({
    [name]: value,
    transcriptions: one.transcriptions,
    billed_seconds: one.billed_seconds,
    billable_minutes: toMinutes(new Decimal(one.billed_seconds)),
    cost: one.cost,
    cost_cents: one.cost_cents,
  }));
}

function limitsOf({ minutes, sessions, file_size_bytes, export_formats }: Plan): object {
  return { minutes, sessions, file_size_bytes, export_formats };
}

/** Returns how many minutes of the plan's limit are left, at least 0; `null` = no limit. */
function remaining(plan: Plan, billedSeconds: string): string | null {
  if (plan.minutes === null) return null;
  const left = new Decimal(plan.minutes).minus(toMinutes(new Decimal(billedSeconds)));
  return print(Decimal.max(ZERO, left));
}
