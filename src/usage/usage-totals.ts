import type { SummaryCounts, Summaries } from '../domain/billing/summary';
import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import { printInstant } from '../domain/time';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from './standing';
import type { UsageTotalsView } from './usage.schemas';

/** What a user has used and is charged in all periods together, by currency. */
export class UsageTotals extends Question<UsageTotalsView> {
  constructor(
    readonly userId: string,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageTotalsHandler implements Answerer<UsageTotals, UsageTotalsView> {
  constructor(private readonly models: Reads) {}

  execute({ userId, asOf }: UsageTotals): Promise<UsageTotalsView> {
    return this.models.read(asOf, async (snapshot) => {
      const { position } = await standingOf(snapshot);
      const byCurrency = new Map<string, { period: string; counts: SummaryCounts }[]>();
      for (const { period, summaries } of await snapshot.userStatements(userId, '')) {
        for (const [currency, counts] of Object.entries(JSON.parse(summaries) as Summaries)) {
          const known = byCurrency.get(currency) ?? [];
          byCurrency.set(currency, [...known, { period, counts }]);
        }
      }
      const times = await snapshot.listings.usageTimes(userId);
      return {
        user_id: userId,
        first_usage_at: times === undefined ? null : printInstant(times.first),
        last_usage_at: times === undefined ? null : printInstant(times.last),
        totals: [...byCurrency]
          .sort(([one], [other]) => (one < other ? -1 : 1))
          .map(([currency, months]) => totalsOf(currency, months)),
        position: String(position),
      };
    });
  }
}

/** @param months oldest first. */
function totalsOf(
  currency: string,
  months: readonly { readonly period: string; readonly counts: SummaryCounts }[],
): object {
  const whole = (of: (counts: SummaryCounts) => number) =>
    months.reduce((sum, { counts }) => sum + of(counts), 0);
  const exact = (of: (counts: SummaryCounts) => string) =>
    months.reduce((sum, { counts }) => sum.plus(of(counts)), ZERO);
  const billed: Decimal = exact((counts) => counts.billed_seconds);
  return {
    currency,
    periods: months.length,
    first_period: months[0]!.period,
    last_period: months.at(-1)!.period,
    transcriptions: whole((counts) => counts.transcriptions),
    failed_attempts: whole((counts) => counts.failed_attempts),
    free_retries: whole((counts) => counts.free_retries),
    retranscriptions: whole((counts) => counts.retranscriptions),
    total_seconds: print(exact((counts) => counts.total_seconds)),
    billed_seconds: print(billed),
    included_seconds: print(exact((counts) => counts.included_seconds)),
    billable_minutes: toMinutes(billed),
    cost: print(exact((counts) => counts.cost)),
    usage_cost_cents: whole((counts) => counts.usage_cost_cents),
    adjustments_cents: whole((counts) => counts.adjustments_cents),
    cost_cents: whole((counts) => counts.usage_cost_cents + counts.adjustments_cents),
  };
}
