import type { BillingZone, CalendarUnit } from '../domain/billing-period/zone';
import { Decimal, print, toMinutes, ZERO } from '../domain/money';
import { printInstant } from '../domain/time';
import { Problem } from '../http/problem';
import type { After } from '../read-model/queries';
import type { UsageLogView } from '../read-model/views';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { checkCurrency, standingOf } from './standing';

const MAX_POINTS = 400;
const PAGE = 1_000;

/** A user's usage over time, by when it completed, in one currency. Instants in milliseconds since 1970. */
export class UsageTrend extends Question<object> {
  constructor(
    readonly userId: string,
    readonly from: number,
    readonly to: number,
    readonly groupBy: CalendarUnit,
    readonly currency: string | undefined,
    readonly asOf: string | undefined,
  ) {
    super();
  }
}

interface Point {
  readonly from: number;
  readonly to: number;
  transcriptions: number;
  billed: Decimal;
  cost: Decimal;
  cents: number;
}

export class UsageTrendHandler implements Answerer<UsageTrend, object> {
  constructor(private readonly models: Reads) {}

  execute({ userId, from, to, groupBy, currency, asOf }: UsageTrend): Promise<object> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      checkCurrency(terms, currency);
      const points = pointsOf(terms.zone, from, to, groupBy);
      const shown = currency ?? terms.currency(userId, terms.periodOf(now).period);
      let index = 0;
      for (let after: After | undefined; ;) {
        const page = await snapshot.userLogsBetween(userId, from, to, after, PAGE);
        for (const row of page) {
          if (row.currency !== shown) continue;
          while (row.completed_at >= points[index]!.to) index += 1;
          add(points[index]!, JSON.parse(row.view) as UsageLogView);
        }
        if (page.length < PAGE) break;
        after = page.at(-1);
      }
      return {
        points: points.map((point) => viewOf(point, shown)),
        position: String(position),
      };
    });
  }
}

/** Days, weeks (from Monday) or months of the ledger's zone, cut to `[from, to)`. */
function pointsOf(zone: BillingZone, from: number, to: number, unit: CalendarUnit): Point[] {
  const points: Point[] = [];
  for (let start = from; start < to;) {
    if (points.length === MAX_POINTS) {
      throw new Problem(
        'invalid_parameter',
        `That is more than ${MAX_POINTS} points. Ask for less time, or group by week or month.`,
        { pointer: '/group_by' },
      );
    }
    const end = Math.min(to, zone.endOf(unit, start));
    points.push({ from: start, to: end, transcriptions: 0, billed: ZERO, cost: ZERO, cents: 0 });
    start = end;
  }
  return points;
}

function add(point: Point, log: UsageLogView): void {
  point.transcriptions += 1;
  point.billed = point.billed.plus(log.billed_seconds);
  point.cost = point.cost.plus(log.cost);
  point.cents += log.cost_cents;
}

function viewOf(point: Point, currency: string): object {
  return {
    from: printInstant(point.from),
    to: printInstant(point.to),
    transcriptions: point.transcriptions,
    billed_seconds: print(point.billed),
    billable_minutes: toMinutes(point.billed),
    cost: print(point.cost),
    cost_cents: point.cents,
    currency,
  };
}
