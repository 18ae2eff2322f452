import { MerkleEdge } from '../domain/merkle';
import { printInstant } from '../domain/time';
import type { Terms } from '../domain/account/terms';
import { compareReadModels, type CompareScope, type Sides } from '../read-model/compare';
import type { Difference } from '../read-model/difference';
import type { Pace } from '../projections/pace';
import { LiveSnapshot, placeOf } from '../snapshots/live-snapshot';
import type { AuditParts, LiveParts } from '../snapshots/parts';
import { ProgressMeter, type ProgressView } from './progress';
import { Replayed } from '../snapshots/replayed';
import { checkClosed } from '../proofs/closed-periods';
import { standingOf } from '../usage/standing';

/** What to replay, and which part of it to compare. */
export interface ReplayRequest {
  readonly user_id: string | null;
  /** `YYYY-MM`. */
  readonly period: string | null;
  /** A position or an RFC 3339 time; `null` = the position of the live read model. */
  readonly as_of: string | null;
}

/** What a replay found. */
export interface ReplayResult {
  /** What was compared: the position, how many events there are up to it, and their greatest recorded time. */
  readonly position: string;
  readonly size: number;
  readonly recorded_at: string | null;
  /** The Merkle root of those events, in hex. */
  readonly root: string;
  /** The ledger's end after the replay. It is after `position` if the live read model lags. */
  readonly head: string;
  readonly rows_compared: number;
  readonly closed_periods_checked: number;
  readonly differences: number;
  /** The first differences. */
  readonly items: readonly Difference[];
}

/** How many differences are kept, and how many characters of them in total. */
const MOST_ITEMS = 1_000;
const MOST_CHARACTERS = 4 * 1024 * 1024;
/** How long a snapshot of the live read model is held, in milliseconds. */
const SNAPSHOT_MS = 5_000;

/** Counts differences, and keeps the first ones. */
class Differences {
  count = 0;
  readonly items: Difference[] = [];
  private characters = 0;

  add(difference: Difference): void {
    this.count += 1;
    if (this.items.length >= MOST_ITEMS || this.characters > MOST_CHARACTERS) return;
    this.items.push(difference);
    this.characters += JSON.stringify(difference).length;
  }
}

/**
 * Fills a read model of its own from the ledger and compares it, row by row, with the live one at the live one's
 * position. With `as_of`, compares it with the read model that answers `as_of`. Needs constant memory and changes
 * nothing.
 * @throws Problem `invalid_parameter` if `as_of` names no position or time; StoppedShortError.
 */
export async function replay(
  parts: AuditParts,
  request: ReplayRequest,
  pace: Pace,
  report: (progress: ProgressView) => void,
): Promise<ReplayResult> {
  const { as_of } = request;
  if (as_of === null) return replayNow(parts, request, pace, report);
  return withTemporary(parts, (model) => replayPast(parts, model, request, as_of, pace, report));
}

/** Runs a {@link replay} at the position of the live read model. */
export function replayNow(
  parts: LiveParts,
  request: Omit<ReplayRequest, 'as_of'>,
  pace: Pace,
  report: (progress: ProgressView) => void,
): Promise<ReplayResult> {
  return withTemporary(parts, (model) => replayLive(parts, model, request, pace, report));
}

async function withTemporary<T>(parts: LiveParts, work: (model: Model) => Promise<T>): Promise<T> {
  const model = await parts.openTemporary();
  try {
    return await work(model);
  } finally {
    await model.close();
  }
}

type Model = Awaited<ReturnType<AuditParts['openTemporary']>>;

async function replayLive(
  parts: LiveParts,
  model: Model,
  request: Omit<ReplayRequest, 'as_of'>,
  pace: Pace,
  report: (progress: ProgressView) => void,
): Promise<ReplayResult> {
  const live = await parts.openLive();
  try {
    const { size } = await placeOf(live.queries);
    const meter = new ProgressMeter(size, report);
    const replayed = new Replayed(parts.store, model, pace, (one) => meter.reached(one));
    const snapshot = new LiveSnapshot(live.queries, replayed, SNAPSHOT_MS, pace);
    const lettingGo = pace.holding === undefined ? pace : lettingGoOf(snapshot, pace);
    try {
      return await compare(parts, request, replayed, () => snapshot.sides(), lettingGo, meter);
    } finally {
      await snapshot.close();
    }
  } finally {
    await live.close();
  }
}

/** Wraps a pace with long rests, so that each rest releases the snapshot first. */
function lettingGoOf(snapshot: LiveSnapshot, pace: Pace): Pace {
  return {
    pageSize: () => pace.pageSize(),
    rest: async () => {
      await snapshot.close();
      await pace.rest();
    },
  };
}

async function replayPast(
  parts: AuditParts,
  model: Model,
  request: ReplayRequest,
  asOf: string,
  pace: Pace,
  report: (progress: ProgressView) => void,
): Promise<ReplayResult> {
  const { position, size } = await parts.readModels.placeOf(asOf);
  const meter = new ProgressMeter(2 * size, report);
  const replayed = new Replayed(parts.store, model, pace, (one) => meter.reached(one));
  await replayed.bringTo(position);
  return parts.readModels.readPast(
    position,
    async ({ queries }) => {
      meter.reached({ position, size }, size);
      const sides = () => Promise.resolve({ live: queries, replayed: replayed.queries });
      return compare(parts, request, replayed, sides, pace, meter);
    },
    (one) => meter.reached(one, size),
  );
}

async function compare(
  parts: LiveParts,
  request: Omit<ReplayRequest, 'as_of'>,
  replayed: Replayed,
  sides: () => Promise<Sides>,
  pace: Pace,
  meter: ProgressMeter,
): Promise<ReplayResult> {
  const found = new Differences();
  // Called once beforehand, so that the replay is at the position where it is compared.
  await sides();
  const paced = async () => {
    await pace.rest();
    return sides();
  };
  const scope = await scopeOf(request, replayed);
  for await (const difference of compareReadModels(paced, scope, (rows) => meter.compared(rows))) {
    found.add(difference);
  }
  const closedPeriodsChecked = await checkCloses(request, replayed, found, pace);
  meter.end();
  const { position, size, recorded_at, edge } = replayed.checkpoint;
  return {
    position: String(position),
    size,
    recorded_at: size === 0 ? null : printInstant(recorded_at),
    root: MerkleEdge.of(size, edge).root(),
    head: String(await parts.store.head()),
    rows_compared: meter.rowsCompared,
    closed_periods_checked: closedPeriodsChecked,
    differences: found.count,
    items: found.items,
  };
}

async function checkCloses(
  { period }: Pick<ReplayRequest, 'period'>,
  replayed: Replayed,
  found: Differences,
  pace: Pace,
): Promise<number> {
  const closes = replayed.checkpoint.agreement?.closes ?? [];
  const asked = closes.filter((close) => period === null || close.period === period);
  for (const close of asked) {
    await pace.rest();
    const difference = await replayed.readModel.read((rows) => checkClosed(rows, close));
    if (difference !== undefined) found.add(difference);
  }
  return asked.length;
}

/** Returns whose rows to compare, with the period as instants in the ledger's own time zone. */
export async function scopeOf(
  { user_id, period }: Pick<ReplayRequest, 'user_id' | 'period'>,
  replayed: Replayed,
): Promise<CompareScope> {
  const userId = user_id ?? undefined;
  if (period === null || replayed.checkpoint.agreement === null) return { userId };
  const terms: Terms = await replayed.readModel.read(
    async (snapshot) => (await standingOf(snapshot)).terms,
  );
  return { userId, period: terms.range(period) };
}
