import type { Terms } from '../domain/account/terms';
import { Cells } from '../domain/billing/cells';
import { Rater, type RatedCharge } from '../domain/billing/charge';
import {
  INDEPENDENT,
  isSameDependence,
  isUntouched,
  volumePrices,
  withCharge,
  type Dependence,
  type Totals,
} from '../domain/billing/dependence';
import type { Item } from '../domain/billing/item';
import { beginsStretch, comparePlaces, type LogPlace } from '../domain/billing/place';
import {
  isSameState,
  NOTHING_RATED,
  shiftedState,
  type RunningState,
} from '../domain/billing/running-state';
import { ChangedStretches, changedItems } from './changed-stretches';
import type { LogChanges, Rerated } from './log-changes';
import type { Mark, Statement } from './statement';
import { stretchText, type Stretches } from './stretches';
import { Turns } from './turns';

const STRETCHES_A_TURN = 20;

/** One pass over the changes of a statement, with the totals that its volume prices depend on. */
export class Rerating {
  state: RunningState;
  private last: LogPlace | undefined;
  private stretch: Dependence;
  /** The name of the last stretch, if it is known. */
  private open: string | undefined;
  private readonly cells = new Cells();
  private changesMoney = false;
  /** All marks of the statement; `undefined` until they are needed. */
  private marks: Mark[] | undefined;
  private readonly written: Mark[] = [];
  private readonly removed: Mark[] = [];
  /** The logs of each stretch as they are now, by its name. */
  private readonly lists = new Map<string, Item[]>();
  /** The names of stretches that no longer exist. */
  private readonly gone: string[] = [];
  private readonly turns = new Turns(STRETCHES_A_TURN);

  /** @param all `true` if another volume tier is reached: the cost of every stretch may then change. */
  constructor(
    private readonly statement: Statement,
    private readonly changes: LogChanges,
    private readonly terms: Terms,
    private readonly stretches: Stretches,
    private readonly totals: Totals,
    private readonly all: boolean,
  ) {
    this.state = statement.state;
    this.stretch = statement.stretch;
    this.last = statement.last;
    this.open = statement.open;
  }

  /** Rates the changes. The statement stays as it is until {@link done}. */
  async run(): Promise<void> {
    const { last } = this.statement;
    const isBehind = ({ place }: Item) => last === undefined || comparePlaces(place, last) > 0;
    const behind = this.changes.put.filter(isBehind);
    const inner = this.changes.put.filter((item) => !isBehind(item));
    const { removed } = this.changes;
    if (this.all || inner.length + removed.length > 0) await this.goOver({ put: inner, removed });
    behind.sort((a, b) => comparePlaces(a.place, b.place));
    if (behind.length > 0) this.append(behind);
  }

  /** The prices with volume tiers that the statement's logs use now. */
  get volume(): Dependence['volume'] {
    const known = this.marks ?? [
      { stretch: { ...INDEPENDENT, volume: this.statement.volume } },
      ...this.written,
    ];
    return volumePrices([...known.map((mark) => mark.stretch), this.stretch]);
  }

  /** Applies the result to the statement and to the cache. */
  done(): Rerated {
    const { statement, stretches } = this;
    const { cache } = stretches;
    statement.volume = this.volume;
    statement.state = this.state;
    statement.stretch = this.stretch;
    statement.last = this.last;
    statement.open = this.open;
    if (this.marks !== undefined) cache.keepMarks(statement, this.marks);
    for (const name of this.gone) cache.items.delete(name);
    for (const [name, items] of this.lists) stretches.keep(name, items);
    const { cells, changesMoney, written: marks, removed: removedMarks } = this;
    return { cells, changesMoney, marks, removedMarks };
  }

  /** Goes over the stretches, from the first that changes on. */
  private async goOver(changes: LogChanges): Promise<void> {
    const marks = await this.stretches.marks(this.statement);
    const changed = new ChangedStretches(marks, changes);
    const first = this.all ? 0 : changed.first;
    this.marks = marks.slice(0, first);
    this.state = startOf(marks, first);
    for (let index = first; index <= marks.length;) {
      let end = index;
      while (end < marks.length && changed.isGone(end)) end += 1;
      const change = changed.within(index, end);
      const isSame = !this.all && isSameState(this.state, startOf(marks, index));
      if (change !== undefined) {
        await this.change(marks, index, end, (items) => changedItems(items, change));
      } else if (isSame && index > changed.last) {
        this.state = this.statement.state;
        this.stretch = this.statement.stretch;
        this.marks.push(...marks.slice(index));
        break;
      } else if (isSame) {
        this.state = this.endOf(marks, end);
        if (end < marks.length) this.marks.push(marks[end]!);
      } else {
        await this.moveOrRate(marks, index);
      }
      index = end + 1;
    }
    // Logs that are appended next join the last stretch, also in the cache, if that holds the stretch's logs.
    this.open = stretchText(this.statement, this.marks.at(-1)?.place);
  }

  /** Handles a stretch that is unchanged itself but follows a change: moves its mark, or rates it again. */
  private async moveOrRate(marks: readonly Mark[], index: number): Promise<void> {
    const start = startOf(marks, index);
    const end = this.endOf(marks, index);
    const around = { start, end, now: this.state };
    const stretch = marks[index]?.stretch ?? this.statement.stretch;
    if (!isUntouched(stretch, around, this.totals, (id) => this.terms.cardById(id))) {
      await this.rateAgain(marks, index);
      return;
    }
    this.state = shiftedState(end, start, this.state);
    this.endStretch(marks[index], stretch);
    if (this.turns.isOver()) await this.turns.pass();
  }

  /** Rates stretches again, as one stretch or several: takes their old amounts out of the sums, and adds the new. */
  private async change(
    marks: readonly Mark[],
    from: number,
    to: number,
    changed: (items: readonly Item[]) => readonly Item[],
  ): Promise<void> {
    const { statement } = this;
    const before: Item[] = [];
    for (let index = from; index <= to; index += 1) {
      before.push(...(await this.stretches.items(statement, marks, index, this.terms)));
      if (index > from) this.gone.push(stretchText(statement, marks[index - 1]!.place));
    }
    this.removed.push(...marks.slice(from, to));
    const old = this.takeOut(before, startOf(marks, from));
    const begin = marks[from - 1]?.place;
    const now = changed(before);
    this.rate(now, begin, old);
    if (to < marks.length) this.endStretch(marks[to], this.stretch);
    else this.last = now.at(-1)?.place;
    if (this.turns.isOver()) await this.turns.pass();
  }

  /** Rates a stretch with the same logs again, from another state or under other totals. */
  private async rateAgain(marks: readonly Mark[], index: number): Promise<void> {
    const items = await this.stretches.items(this.statement, marks, index, this.terms);
    const before = new Rater(startOf(marks, index), this.totals.before);
    const now = new Rater(this.state, this.totals.now);
    for (const item of items) {
      const was = before.rate(item.charge);
      const one = now.rate(item.charge);
      if (was.cents === one.cents && was.cost === one.cost && was.included === one.included)
        continue;
      this.cells.move(item, was, one);
      if (was.cost !== one.cost || was.included !== one.included) this.changesMoney = true;
    }
    this.state = now.state;
    this.endStretch(marks[index], marks[index]?.stretch ?? this.statement.stretch);
    if (this.turns.isOver()) await this.turns.pass();
  }

  /** Takes logs out of the sums, as they were rated. Returns what each was charged, by id. */
  private takeOut(items: readonly Item[], start: RunningState): Map<string, Was> {
    const rater = new Rater(start, this.totals.before);
    const rated = new Map<string, Was>();
    for (const item of items) {
      const one = rater.rate(item.charge);
      this.cells.add(item, one, -1);
      rated.set(item.id, { ...one, billed: item.billed });
    }
    return rated;
  }

  /**
   * Rates logs from the current state on. If `begin` is set, the stretch has its mark already, and the first log begins
   * no other.
   */
  private rate(
    items: readonly Item[],
    begin: LogPlace | undefined,
    old: ReadonlyMap<string, Was>,
  ): void {
    const rater = new Rater(this.state, this.totals.now);
    this.stretch = INDEPENDENT;
    this.open = stretchText(this.statement, begin);
    let list = this.beginList();
    for (const [at, item] of items.entries()) {
      if (beginsStretch(item.place.session_id, item.place.attempt) && (at > 0 || !begin)) {
        this.begin(item, rater.state);
        list = this.beginList();
      }
      list.push(item);
      this.stretch = withCharge(this.stretch, item.charge);
      const one = rater.rate(item.charge);
      this.cells.add(item, one, 1);
      const was = old.get(item.id);
      if (was !== undefined && !isSameMoney(was, one, item)) this.changesMoney = true;
    }
    this.state = rater.state;
  }

  /**
   * Rates logs that come after all others. They are kept in memory only if those before them are: a statement whose
   * logs all arrive in order never needs them again.
   */
  private append(items: readonly Item[]): void {
    const rater = new Rater(this.state, this.totals.now);
    let list = this.openList();
    for (const item of items) {
      if (beginsStretch(item.place.session_id, item.place.attempt)) {
        this.begin(item, rater.state);
        list &&= this.beginList();
      }
      list?.push(item);
      this.stretch = withCharge(this.stretch, item.charge);
      this.cells.add(item, rater.rate(item.charge), 1);
    }
    this.state = rater.state;
    this.last = items.at(-1)!.place;
  }

  /** Returns the logs of the last stretch, to add to; `undefined` if they are not in memory. */
  private openList(): Item[] | undefined {
    const name = this.open;
    if (name === undefined) return undefined;
    const changed = this.lists.get(name);
    if (changed !== undefined) return changed;
    const known = this.stretches.cache.items.get(name);
    if (known === undefined) return undefined;
    const list = [...known];
    this.lists.set(name, list);
    return list;
  }

  /** Begins a stretch with a log. */
  private begin({ place }: Item, state: RunningState): void {
    const mark = { place, state, stretch: this.stretch };
    // The cache holds either all marks of a statement or none.
    if (this.marks === undefined) this.marks = this.stretches.knownMarks(this.statement);
    this.marks?.push(mark);
    this.written.push(mark);
    this.stretch = INDEPENDENT;
    this.open = stretchText(this.statement, place);
  }

  /** Returns an empty list for the logs of the last stretch. */
  private beginList(): Item[] {
    const list: Item[] = [];
    this.lists.set(this.open!, list);
    return list;
  }

  /** Ends a stretch at a mark that stays, and writes the mark if its contents changed. */
  private endStretch(mark: Mark | undefined, stretch: Dependence): void {
    this.stretch = stretch;
    if (mark === undefined) return;
    const isSame = isSameState(mark.state, this.state) && isSameDependence(mark.stretch, stretch);
    const now = isSame ? mark : { place: mark.place, state: this.state, stretch };
    this.marks!.push(now);
    if (!isSame) this.written.push(now);
  }

  private endOf(marks: readonly Mark[], index: number): RunningState {
    return marks[index]?.state ?? this.statement.state;
  }
}

function startOf(marks: readonly Mark[], index: number): RunningState {
  return index === 0 ? NOTHING_RATED : marks[index - 1]!.state;
}

/** What a log was charged before a change. */
interface Was extends RatedCharge {
  readonly billed: Item['billed'];
}

function isSameMoney(was: Was, now: RatedCharge, { billed }: Item): boolean {
  return was.cost === now.cost && was.included === now.included && was.billed === billed;
}
