import type { Terms } from '../domain/account/terms';
import {
  EMPTY_STATEMENT,
  periodTotals,
  rateLog,
  type PeriodTotals,
  type RatingInput,
} from '../domain/rating/statement';
import { comparePlaces, type LogPlace, type RowReader, type UsageLogRow } from '../read-model/rows';
import type { UsageLogView } from '../read-model/views';
import { placeOf, ratingInput, toRow, type LogDraft } from './log-draft';
import {
  EMPTY_TAIL,
  reachesAnotherTier,
  readTail,
  stateOf,
  tailAfter,
  writeTail,
  type Statement,
  type Tail,
} from './statement-projection';
import { Turns } from './turns';

/** What became of a statement's logs: drafts to put in (new or changed), and ids of logs that were there and go. */
export interface LogChanges {
  readonly put: LogDraft[];
  readonly removed: { readonly id: string; readonly place: LogPlace }[];
}

/** A log of the stretch that is rated again. */
interface Item {
  readonly draft: LogDraft;
  readonly place: LogPlace;
  /** Its row so far, if it had one in this statement. */
  readonly old: UsageLogRow | undefined;
  readonly input: RatingInput;
  /** The name of the plan in force for it. */
  readonly plan: string;
}

const LOGS_A_TURN = 200;
const FIRST_PLACE: LogPlace = { late_position: 0, completed_at: -1, session_id: '', attempt: 0 };

/**
 * Rates what changed in a statement, and what stands behind it: usage in order reads nothing and costs O(1) a log;
 * a log before the end costs the tail from its place on; a volume tier newly reached costs the whole statement.
 * Changes `statement` in place; answers the rows to write.
 */
export async function rateChanges(
  statement: Statement,
  changes: LogChanges,
  terms: Terms,
  reader: RowReader,
): Promise<UsageLogRow[]> {
  const put = changes.put
    .map((draft) => itemOf(draft, placeOf(draft), undefined, terms))
    .sort(byPlace);
  const inOrder =
    changes.removed.length === 0 &&
    (statement.last === undefined || comparePlaces(put[0]!.place, statement.last) > 0);
  if (inOrder) {
    const totals = totalsAfter(statement.tail, put);
    if (!reachesAnotherTier(statement.tail, totals, terms)) {
      return rate(statement, statement.tail, put, totals);
    }
  }
  const from = earliest([
    ...put.map((item) => item.place),
    ...changes.removed.map((one) => one.place),
  ]);
  const before = await reader.logBefore(statement.key, from);
  const start = before === undefined ? EMPTY_TAIL : readTail(before.after);
  const stretch = await readStretch(statement, changes, put, from, reader, terms);
  const totals = totalsAfter(start, stretch.items);
  if (reachesAnotherTier(statement.tail, totals, terms)) {
    const all = await readStretch(statement, changes, put, FIRST_PLACE, reader, terms);
    return finish(statement, EMPTY_TAIL, undefined, all);
  }
  return finish(statement, start, before, stretch);
}

interface Stretch {
  /** In statement order, the removed ones left out. */
  readonly items: readonly Item[];
  readonly gone: readonly UsageLogRow[];
}

async function readStretch(
  statement: Statement,
  changes: LogChanges,
  put: readonly Item[],
  from: LogPlace,
  reader: RowReader,
  terms: Terms,
): Promise<Stretch> {
  const rows = await reader.logsFrom(statement.key, from);
  const removed = new Set(changes.removed.map((one) => one.id));
  const replaced = new Map(put.map((item) => [item.draft.id, item]));
  const kept: Item[] = [];
  const gone: UsageLogRow[] = [];
  const olds = new Map<string, UsageLogRow>();
  for (const row of rows) {
    if (replaced.has(row.id)) olds.set(row.id, row);
    else if (removed.has(row.id)) gone.push(row);
    else {
      const view = JSON.parse(row.view) as UsageLogView;
      kept.push(itemOf(view, row, row, terms));
    }
  }
  const changed = put.map((item): Item => ({ ...item, old: olds.get(item.draft.id) }));
  return { items: [...kept, ...changed].sort(byPlace), gone };
}

function finish(
  statement: Statement,
  start: Tail,
  before: UsageLogRow | undefined,
  stretch: Stretch,
): Promise<UsageLogRow[]> {
  for (const row of stretch.gone) statement.count(JSON.parse(row.view) as UsageLogView, -1);
  statement.last = before && pickPlace(before);
  const totals = totalsAfter(start, stretch.items);
  return rate(statement, start, stretch.items, totals);
}

/** Rates logs one after another from a tail on; answers the rows that are not as they were. */
async function rate(
  statement: Statement,
  start: Tail,
  items: readonly Item[],
  totals: PeriodTotals,
): Promise<UsageLogRow[]> {
  const rows: UsageLogRow[] = [];
  const turns = new Turns(LOGS_A_TURN);
  let tail = start;
  let after = writeTail(tail);
  for (const { draft, place, old, input, plan } of items) {
    if (items.length > LOGS_A_TURN && turns.isOver()) await turns.pass();
    const state = stateOf(tail, draft.currency);
    const rated = rateLog(state, input, totals);
    const volume = withVolume(tail.volume, rated.entry, input.card);
    if (rated.after !== state || volume !== tail.volume) {
      tail = tailAfter(tail, draft.currency, rated.after, volume);
      after = writeTail(tail);
    }
    const { view, row } = toRow(draft, place, input, rated, plan, after);
    if (old?.view === row.view && old.after === row.after) continue;
    if (old !== undefined) statement.count(JSON.parse(old.view) as UsageLogView, -1);
    statement.count(view, 1, rated);
    rows.push(row);
  }
  statement.tail = tail;
  const last = items.at(-1);
  if (last !== undefined) statement.last = pickPlace(last.place);
  return rows;
}

function withVolume(
  volume: Tail['volume'],
  entry: string | undefined,
  card: RatingInput['card'],
): Tail['volume'] {
  if (entry === undefined || card?.prices[entry]?.tier_mode !== 'volume') return volume;
  const known = volume.get(entry) ?? [];
  if (known.includes(card.rate_card_id)) return volume;
  return new Map(volume).set(entry, [...known, card.rate_card_id]);
}

/** Nothing goes by the period's totals where no price has volume tiers: then they are not worked out. */
function totalsAfter(tail: Tail, items: readonly Item[]): PeriodTotals {
  if (tail.volume.size === 0 && !items.some(({ input }) => hasVolume(input))) return NO_TOTALS;
  // Seconds alone: the same whatever the currencies are.
  return periodTotals(
    { ...EMPTY_STATEMENT, includedSeconds: tail.included, charged: tail.charged },
    items.map(({ input }) => input),
  );
}

const NO_TOTALS: PeriodTotals = new Map();

function hasVolume({ card }: RatingInput): boolean {
  if (card === undefined) return false;
  for (const entry of Object.values(card.prices)) {
    if (entry.tier_mode === 'volume') return true;
  }
  return false;
}

function itemOf(
  draft: LogDraft,
  place: LogPlace,
  old: UsageLogRow | undefined,
  terms: Terms,
): Item {
  const { completed_at } = place;
  const plan = terms.plan(draft.user_id, completed_at);
  return {
    draft,
    place,
    old,
    input: ratingInput(draft, completed_at, terms, plan),
    plan: plan.plan,
  };
}

function byPlace(a: Item, b: Item): number {
  return comparePlaces(a.place, b.place);
}

function earliest(places: readonly LogPlace[]): LogPlace {
  return places.reduce((least, place) => (comparePlaces(place, least) < 0 ? place : least));
}

function pickPlace(place: LogPlace): LogPlace {
  const { late_position, completed_at, session_id, attempt } = place;
  return { late_position, completed_at, session_id, attempt };
}
