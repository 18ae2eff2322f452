import type { Summaries } from '../domain/billing/summary';
import { minutesOf, parsePico } from '../domain/pico';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { PeriodSumsRow } from '../read-model/rows';
import { totalsIn } from './period-totals';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from './standing';
import type { ReportView } from './usage.schemas';

const TOP_USERS = 20;

/** A period's usage over all users: totals, sums by plan, provider and day, and the users who pay most. */
export class UsageReport extends Question<ReportView> {
  constructor(
    readonly period: string | undefined,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageReportHandler implements Answerer<UsageReport, ReportView> {
  constructor(private readonly models: Reads) {}

  execute({ period, asOf }: UsageReport): Promise<ReportView> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot);
      const shown = period ?? terms.periodOf(now).period;
      const sums = await snapshot.periodSums(shown);
      return {
        period: shown,
        totals: totalsIn(sums),
        by_plan: groupsOf(sums, 'plan', 'plan'),
        by_provider: groupsOf(sums, 'provider', 'stt_provider'),
        by_day: groupsOf(sums, 'day', 'day'),
        top_users: await topUsers(snapshot, shown),
        position: String(position),
      };
    });
  }
}

/** Returns the sums of one kind by name and currency, in the form of the API. */
function groupsOf(
  sums: readonly PeriodSumsRow[],
  kind: PeriodSumsRow['kind'],
  label: string,
): object[] {
  return sums
    .filter((one) => one.kind === kind)
    .sort((a, b) => (`${a.name} ${a.currency}` < `${b.name} ${b.currency}` ? -1 : 1))
    .map((one) => ({
      [label]: one.name,
      currency: one.currency,
      transcriptions: one.transcriptions,
      billed_seconds: one.billed_seconds,
      billable_minutes: minutesOf(parsePico(one.billed_seconds)),
      cost: one.cost,
      cost_cents: one.cost_cents,
    }));
}

/**
 * Returns the users who are charged most, across all currencies; users who are charged the same, by id. Their
 * statements are all among the first `TOP_USERS`.
 */
async function topUsers(snapshot: ReadModelSnapshot, period: string): Promise<object[]> {
  const rows = await snapshot.topStatements(period, TOP_USERS);
  return rows
    .flatMap(({ user_id, summaries }) =>
      Object.entries(JSON.parse(summaries) as Summaries).map(([currency, summary]) => ({
        user_id,
        currency,
        transcriptions: summary.transcriptions,
        billed_seconds: summary.billed_seconds,
        billable_minutes: minutesOf(parsePico(summary.billed_seconds)),
        cost: summary.cost,
        usage_cost_cents: summary.usage_cost_cents,
        adjustments_cents: summary.adjustments_cents,
        cost_cents: summary.usage_cost_cents + summary.adjustments_cents,
      })),
    )
    .sort((a, b) => b.cost_cents - a.cost_cents || (a.user_id < b.user_id ? -1 : 1))
    .slice(0, TOP_USERS);
}
