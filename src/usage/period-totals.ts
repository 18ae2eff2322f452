import type { PeriodTotals } from '../domain/ledger';
import { minutesOf, parsePico } from '../domain/pico';
import type { ReadModelSnapshot } from '../read-model/queries';
import type { PeriodSumsRow } from '../read-model/rows';
import type { SummaryCounts } from '../read-model/views';

const PAGE = 1_000;

/** A user's summary for one currency and period. */
export interface UserSummary {
  readonly userId: string;
  readonly currency: string;
  readonly summary: SummaryCounts;
}

/** Returns all summaries of a period by user and currency, read page by page. */
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

/**
 * Returns a period's totals, one for each currency. `users` counts the users with anything in that currency in the
 * period.
 */
export async function totalsOf(
  snapshot: ReadModelSnapshot,
  period: string,
): Promise<PeriodTotals[]> {
  return totalsIn(await snapshot.periodSums(period));
}

/** Picks the totals out of a period's sums. */
export function totalsIn(sums: readonly PeriodSumsRow[]): PeriodTotals[] {
  return sums
    .filter((one) => one.kind === 'total')
    .sort((a, b) => (a.currency < b.currency ? -1 : 1))
    .map((one) => ({
      currency: one.currency,
      users: one.users,
      transcriptions: one.transcriptions,
      billed_seconds: one.billed_seconds,
      billable_minutes: minutesOf(parsePico(one.billed_seconds)),
      cost: one.cost,
      usage_cost_cents: one.cost_cents,
      adjustments_cents: one.adjustments_cents,
      cost_cents: one.cost_cents + one.adjustments_cents,
    }));
}
