import type { Terms } from '../domain/account/terms';
import type { Counts } from '../domain/billing/summary';
import type { CalendarUnit } from '../domain/billing-period/zone';
import { minutesOf, parsePico, printPico, type Pico } from '../domain/pico';
import { printInstant } from '../domain/time';
import { Problem } from '../http/problem';
import type { LogAfter, ReadModelSnapshot } from '../read-model/queries';
import { RatedLogs } from '../read-model/rated-logs';
import { NO_KEYS } from '../read-model/revealed';
import { Question, type Answerer, type Reads } from '../snapshots/question';
import { checkCurrency, standingOf } from './standing';
import { splitIntoDays } from './whole-days';
import type { TrendView } from './usage.schemas';

const MAX_POINTS = 400;
const PAGE = 1_000;

/** A user's usage over time, in one currency, by time of completion. Times are in milliseconds since 1970. */
export class UsageTrend extends Question<TrendView> {
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
  billed: Pico;
  cost: Pico;
  cents: number;
}

export class UsageTrendHandler implements Answerer<UsageTrend, TrendView> {
  constructor(private readonly models: Reads) {}

  execute({ userId, from, to, groupBy, currency, asOf }: UsageTrend): Promise<TrendView> {
    return this.models.read(asOf, async (snapshot, now) => {
      const { terms, position } = await standingOf(snapshot, userId);
      checkCurrency(terms, currency);
      const points = pointsOf(terms, from, to, groupBy);
      const shown = currency ?? terms.currency(userId, terms.periodOf(now).period);
      await fillIn(points, { snapshot, terms, userId, currency: shown });
      return {
        points: points.map((point) => viewOf(point, shown)),
        position: String(position),
      };
    });
  }
}

/** Returns the days, weeks (from Monday) or months in the ledger's zone, cut to `[from, to)`. */
function pointsOf(terms: Terms, from: number, to: number, unit: CalendarUnit): Point[] {
  const points: Point[] = [];
  for (let start = from; start < to;) {
    if (points.length === MAX_POINTS) {
      throw new Problem(
        'invalid_parameter',
        `That is more than ${MAX_POINTS} points. Shorten the range, or group by week or month.`,
        { pointer: '/group_by' },
      );
    }
    // A closed month keeps the bounds that its close named.
    const next = unit === 'month' ? terms.periodOf(start).to : terms.zone.endOf(unit, start);
    const end = Math.min(to, next);
    points.push({ from: start, to: end, transcriptions: 0, billed: 0n, cost: 0n, cents: 0 });
    start = end;
  }
  return points;
}

/** The user whose usage is read, and the snapshot to read it from. */
interface Source {
  readonly snapshot: ReadModelSnapshot;
  readonly terms: Terms;
  readonly userId: string;
  readonly currency: string;
}

/** Fills in the points. Whole days are already summed up; for days that the range cuts, reads the logs. */
async function fillIn(points: readonly Point[], source: Source): Promise<void> {
  const { snapshot, terms, userId, currency } = source;
  const { days, cut } = splitIntoDays(terms.zone, points);
  if (days !== undefined) {
    const firsts = points.map((point) => terms.zone.dayOf(point.from));
    for (const row of await snapshot.usageDays(userId, days.first, days.last, currency)) {
      if (!days.without.has(row.day)) {
        add(points[firsts.findLastIndex((first) => first <= row.day)]!, row);
      }
    }
  }
  for (const { from, to } of cut) {
    for (const late of [false, true]) await addLogs(points, source, from, to, late);
  }
}

async function addLogs(
  points: readonly Point[],
  { snapshot, terms, userId, currency }: Source,
  from: number,
  to: number,
  late: boolean,
): Promise<void> {
  const [firstPeriod, lastPeriod] = [from, to - 1].map((one) => terms.periodOf(one).period);
  const range = { userId, from, to, firstPeriod: firstPeriod!, lastPeriod: lastPeriod! };
  const rated = new RatedLogs(snapshot, terms, NO_KEYS);
  for (let after: LogAfter | undefined; ;) {
    const page = await snapshot.userLogsBetween(range, late, after, PAGE);
    for (const log of await rated.of(page.filter((row) => row.currency === currency))) {
      const moment = Date.parse(log.completed_at);
      add(
        points.find((point) => moment < point.to)!,
        { ...log, transcriptions: 1 },
      );
    }
    if (page.length < PAGE) return;
    after = page.at(-1);
  }
}

function add(point: Point, counts: Counts): void {
  point.transcriptions += counts.transcriptions;
  point.billed += parsePico(counts.billed_seconds);
  point.cost += parsePico(counts.cost);
  point.cents += counts.cost_cents;
}

function viewOf(point: Point, currency: string): object {
  return {
    from: printInstant(point.from),
    to: printInstant(point.to),
    transcriptions: point.transcriptions,
    billed_seconds: printPico(point.billed),
    billable_minutes: minutesOf(point.billed),
    cost: printPico(point.cost),
    cost_cents: point.cents,
    currency,
  };
}
