import type { PeriodTotals } from '../domain/ledger';
import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { SummaryCounts } from '../read-model/views';

const PAGE = 1_000;

/** A user's summary of one currency in a period. */
export interface UserSummary {
  readonly userId: string;
  readonly currency: string;
  readonly summary: SummaryCounts;
}

/** All summaries of a period, by user and currency, read page by page. */
export async function* summariesOf(
  snapshot: ReadModelSnapshot,
  period: string,
): AsyncGenerator<UserSummary> {
  for (let after = ''; ;) {
    const page = await snapshot.periodStatements(period, after, PAGE);
    for (const row of page) {
      const summaries = JSON.parse(row.summaries) as Record<string, SummaryCounts>;
      for (const [currency, summary] of Object.entries(summaries)) {
        yield { userId: row.user_id, currency, summary };
      }
    }
    if (page.length < PAGE) return;
    after = page.at(-1)!.user_id;
  }
}

/** What is added up, exactly, until it is shown. */
class Totals {
  users = 0;
  transcriptions = 0;
  billed: Decimal = ZERO;
  cost: Decimal = ZERO;
  usageCents = 0;
  adjustmentsCents = 0;

  add({ summary }: UserSummary): void {
    this.users += 1;
    this.transcriptions += summary.transcriptions;
    this.billed = this.billed.plus(summary.billed_seconds);
    this.cost = this.cost.plus(summary.cost);
    this.usageCents += summary.cost_cents;
    this.adjustmentsCents += summary.adjustments_cents;
  }

  view(currency: string): PeriodTotals {
    return {
      currency,
      users: this.users,
      transcriptions: this.transcriptions,
      billed_seconds: print(this.billed),
      billable_minutes: toMinutes(this.billed),
      cost: print(this.cost),
      usage_cost_cents: this.usageCents,
      adjustments_cents: this.adjustmentsCents,
      cost_cents: this.usageCents + this.adjustmentsCents,
    };
  }
}

/** A period's totals, a currency each; `users` are those with anything in it in that currency. */
export async function totalsOf(
  snapshot: ReadModelSnapshot,
  period: string,
): Promise<PeriodTotals[]> {
  const totals = new Map<string, Totals>();
  for await (const one of summariesOf(snapshot, period)) {
    let sums = totals.get(one.currency);
    if (sums === undefined) totals.set(one.currency, (sums = new Totals()));
    sums.add(one);
  }
  return [...totals]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, sums]) => sums.view(currency));
}
