import type { Drafts } from '../domain/account/drafts';
import { Decimal, print, ZERO } from '../domain/money';
import { printInstant } from '../domain/time';
import type { Pace } from '../projections/pace';
import { pairsOf, type CompareScope, type Sides } from '../read-model/compare';
import type { Row } from '../read-model/difference';
import type { SummaryCounts } from '../read-model/views';
import { LiveSnapshot, placeOf } from '../snapshots/live-snapshot';
import type { AuditParts } from '../snapshots/parts';
import { ProgressMeter, type ProgressView } from './progress';
import type { RehearsalItem, RehearsalItems } from './rehearsal-items';
import { scopeOf, type ReplayRequest } from './replay';
import { Replayed } from '../snapshots/replayed';

/**
 * What users paid in a period and currency, and what they would have paid. Cents include adjustments; costs are of
 * usage only.
 */
export interface RehearsalTotals {
  readonly period: string;
  readonly currency: string;
  readonly users: number;
  readonly paid_cents: number;
  readonly would_have_paid_cents: number;
  readonly difference_cents: number;
  readonly paid_cost: string;
  readonly would_have_cost: string;
}

/** The result of a rehearsal, without its items. */
export interface RehearsalResult {
  readonly position: string;
  readonly size: number;
  readonly recorded_at: string | null;
  /** By period and currency. */
  readonly totals: readonly RehearsalTotals[];
  /** Completed attempts without a usage log: in reality, and under the drafts. */
  readonly waiting: number;
  readonly would_have_waited: number;
}

/**
 * Replays the ledger as if the drafts had been in force from its first event on, and compares what each user would have
 * paid with what they did pay. Closed periods are rated under the drafts as well. Writes only to tables of its own.
 * @param items receives what each user would have paid.
 * @throws Problem `invalid_parameter` if `as_of` names no position or time; StoppedShortError.
 */
export async function rehearse(
  parts: AuditParts,
  request: ReplayRequest,
  drafts: Drafts,
  pace: Pace,
  report: (progress: ProgressView) => void,
  items: ItemSink,
): Promise<RehearsalResult> {
  const model = await parts.openTemporary();
  try {
    const run = { parts, request, drafts, pace, report, items, model };
    return await (request.as_of === null ? beside(run) : besidePast(run, request.as_of));
  } finally {
    await model.close();
  }
}

/** Receives the items of a rehearsal. */
type ItemSink = Pick<RehearsalItems, 'add'>;

interface Run {
  readonly parts: AuditParts;
  readonly request: ReplayRequest;
  readonly drafts: Drafts;
  readonly pace: Pace;
  readonly report: (progress: ProgressView) => void;
  readonly items: ItemSink;
  readonly model: Awaited<ReturnType<AuditParts['openTemporary']>>;
}

/** Compares with one snapshot of the live read model, because sums from two positions would not add up. */
async function beside(run: Run): Promise<RehearsalResult> {
  const { parts, model, pace, drafts } = run;
  const live = await parts.openLive();
  try {
    const { size } = await placeOf(live.queries);
    const meter = new ProgressMeter(size, run.report);
    const replayed = new Replayed(parts.store, model, pace, (one) => meter.reached(one), drafts);
    const snapshot = new LiveSnapshot(live.queries, replayed, Infinity);
    try {
      return await gather(run, replayed, await snapshot.sides(), meter);
    } finally {
      await snapshot.close();
    }
  } finally {
    await live.close();
  }
}

async function besidePast(run: Run, asOf: string): Promise<RehearsalResult> {
  const { parts, model, pace, drafts } = run;
  const { position, size } = await parts.readModels.placeOf(asOf);
  const meter = new ProgressMeter(2 * size, run.report);
  const replayed = new Replayed(parts.store, model, pace, (one) => meter.reached(one), drafts);
  await replayed.bringTo(position);
  return parts.readModels.readPast(
    position,
    ({ queries }) => {
      meter.reached({ position, size }, size);
      return gather(run, replayed, { live: queries, replayed: replayed.queries }, meter);
    },
    (one) => meter.reached(one, size),
  );
}

async function gather(
  { request, pace, items }: Run,
  replayed: Replayed,
  sides: Sides,
  meter: ProgressMeter,
): Promise<RehearsalResult> {
  const scope = await scopeOf(request, replayed);
  const paced = async () => {
    await pace.rest();
    return sides;
  };
  const totals = new Map<string, Totals>();
  for await (const pairs of pairsOf('statements', paced, scope)) {
    const page = pairs.flatMap(([live, would]) => itemsOf(live, would));
    for (const item of page) {
      const key = `${item.period} ${item.currency}`;
      let sums = totals.get(key);
      if (sums === undefined) totals.set(key, (sums = new Totals(item)));
      sums.add(item);
    }
    await items.add(page);
    meter.compared(pairs.length);
  }
  const waiting = await countWaiting(paced, scope);
  meter.end();
  const { position, size, recorded_at } = replayed.checkpoint;
  return {
    position: String(position),
    size,
    recorded_at: size === 0 ? null : printInstant(recorded_at),
    totals: [...totals].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sums]) => sums.view()),
    ...waiting,
  };
}

async function countWaiting(
  sides: () => Promise<Sides>,
  scope: CompareScope,
): Promise<Pick<RehearsalResult, 'waiting' | 'would_have_waited'>> {
  const counts = { waiting: 0, would_have_waited: 0 };
  for await (const pairs of pairsOf('waiting', sides, scope)) {
    for (const [live, would] of pairs) {
      if (live !== undefined) counts.waiting += 1;
      if (would !== undefined) counts.would_have_waited += 1;
    }
  }
  return counts;
}

/** Returns an item for each currency in which either side has something in a user's period. */
function itemsOf(live: Row | undefined, would: Row | undefined): RehearsalItem[] {
  const { user_id, period } = (live ?? would)! as { user_id: string; period: string };
  const [paid, other] = [summariesOf(live), summariesOf(would)];
  const currencies = [...new Set([...Object.keys(paid), ...Object.keys(other)])].sort();
  return currencies.map((currency) => {
    const [before, after] = [paid[currency], other[currency]];
    const [paidCents, wouldCents] = [centsOf(before), centsOf(after)];
    return {
      user_id,
      period,
      currency,
      paid_cents: paidCents,
      would_have_paid_cents: wouldCents,
      difference_cents: wouldCents - paidCents,
      paid_cost: before?.cost ?? '0',
      would_have_cost: after?.cost ?? '0',
    };
  });
}

function summariesOf(row: Row | undefined): Readonly<Record<string, SummaryCounts>> {
  if (row === undefined) return {};
  return JSON.parse(row['summaries'] as string) as Record<string, SummaryCounts>;
}

function centsOf(summary: SummaryCounts | undefined): number {
  return summary === undefined ? 0 : summary.usage_cost_cents + summary.adjustments_cents;
}

/** Adds up exact sums until they are shown. */
class Totals {
  private users = 0;
  private paidCents = 0;
  private wouldCents = 0;
  private paid: Decimal = ZERO;
  private would: Decimal = ZERO;

  constructor(private readonly of: Pick<RehearsalItem, 'period' | 'currency'>) {}

  add(item: RehearsalItem): void {
    this.users += 1;
    this.paidCents += item.paid_cents;
    this.wouldCents += item.would_have_paid_cents;
    this.paid = this.paid.plus(item.paid_cost);
    this.would = this.would.plus(item.would_have_cost);
  }

  view(): RehearsalTotals {
    return {
      period: this.of.period,
      currency: this.of.currency,
      users: this.users,
      paid_cents: this.paidCents,
      would_have_paid_cents: this.wouldCents,
      difference_cents: this.wouldCents - this.paidCents,
      paid_cost: print(this.paid),
      would_have_cost: print(this.would),
    };
  }
}
