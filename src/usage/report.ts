import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import { BEFORE_ALL, type ReadModelSnapshot } from '../read-model/queries';
import type { LogPlace } from '../read-model/rows';
import type { UsageLogView } from '../read-model/views';
import { summariesOf, totalsOf } from './period-totals';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { standingOf } from './standing';

const PAGE = 1_000;
const TOP_USERS = 20;

/** A period's usage over all users: totals, by plan, provider and day, and who used most. */
export class UsageReport extends Question<object> {
  constructor(
    readonly period: string | undefined,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

export class UsageReportHandler implements Answerer<UsageReport, object> {
  constructor(private readonly models: Reads) {}

  execute({ period, asOf }: UsageReport): Promise<object> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot);
      const shown = period ?? terms.periodOf(now).period;
      const [plans, providers, days] = [new Groups(), new Groups(), new Groups()];
      for await (const log of logsOf(snapshot, shown)) {
        plans.add(log.plan, log);
        providers.add(log.stt_provider, log);
        days.add(terms.zone.dayOf(Date.parse(log.completed_at)), log);
      }
      return {
        period: shown,
        totals: await totalsOf(snapshot, shown),
        by_plan: plans.views('plan'),
        by_provider: providers.views('stt_provider'),
        by_day: days.views('day'),
        top_users: await topUsers(snapshot, shown),
        position: String(position),
      };
    });
  }
}

async function* logsOf(snapshot: ReadModelSnapshot, period: string): AsyncGenerator<UsageLogView> {
  for (let after: LogPlace = BEFORE_ALL; ;) {
    const page = await snapshot.periodLogs(period, after, PAGE);
    for (const row of page) yield JSON.parse(row.view) as UsageLogView;
    if (page.length < PAGE) return;
    after = page.at(-1)!;
  }
}

interface Sums {
  readonly name: string;
  readonly currency: string;
  transcriptions: number;
  billed: Decimal;
  cost: Decimal;
  cents: number;
}

/** What is added up by a name and a currency. */
class Groups {
  private readonly sums = new Map<string, Sums>();

  add(name: string, log: UsageLogView): void {
    const key = `${name} ${log.currency}`;
    let sums = this.sums.get(key);
    if (sums === undefined) {
      const { currency } = log;
      sums = { name, currency, transcriptions: 0, billed: ZERO, cost: ZERO, cents: 0 };
      this.sums.set(key, sums);
    }
    sums.transcriptions += 1;
    sums.billed = sums.billed.plus(log.billed_seconds);
    sums.cost = sums.cost.plus(log.cost);
    sums.cents += log.cost_cents;
  }

  views(label: string): object[] {
    return [...this.sums]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, one]) => ({
        [label]: one.name,
        currency: one.currency,
        transcriptions: one.transcriptions,
        billed_seconds: print(one.billed),
        billable_minutes: toMinutes(one.billed),
        cost: print(one.cost),
        cost_cents: one.cents,
      }));
  }
}

/** Those who are charged most, of all currencies; of equals, by name. */
async function topUsers(snapshot: ReadModelSnapshot, period: string): Promise<object[]> {
  let top: { user_id: string; currency: string; cost_cents: number; view: object }[] = [];
  for await (const { userId, currency, summary } of summariesOf(snapshot, period)) {
    const cost_cents = summary.cost_cents + summary.adjustments_cents;
    const billed = new Decimal(summary.billed_seconds);
    const view = {
      user_id: userId,
      currency,
      transcriptions: summary.transcriptions,
      billed_seconds: summary.billed_seconds,
      billable_minutes: toMinutes(billed),
      cost: summary.cost,
      usage_cost_cents: summary.cost_cents,
      adjustments_cents: summary.adjustments_cents,
      cost_cents,
    };
    top.push({ user_id: userId, currency, cost_cents, view });
    if (top.length >= TOP_USERS * 10) top = best(top);
  }
  return best(top).map((one) => one.view);
}

function best<T extends { user_id: string; currency: string; cost_cents: number }>(all: T[]): T[] {
  return all
    .sort((a, b) => b.cost_cents - a.cost_cents || (a.user_id < b.user_id ? -1 : 1))
    .slice(0, TOP_USERS);
}
