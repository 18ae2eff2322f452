import { type Card, readCard } from './cards';
import { type Fact, type Life, readFact } from './facts';
import type { EntryOf, LedgerEntry, RawPlan } from './ledger';
import { readInstant } from './months';

/** An event of the ledger and its index. Events between two of these may be left out. */
export interface Placed {
  readonly index: number;
  readonly entry: LedgerEntry;
}

/** Something that holds from the event with this index on. */
interface Since {
  readonly index: number;
}

export interface Assignment extends Since {
  readonly plan: string;
  readonly currency: string | null;
  readonly from: number;
}

export interface Close extends Since {
  readonly period: string;
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

interface PlacedLife extends Since {
  readonly facts: Fact[];
  /** The index of each fact. */
  readonly indexes: number[];
}

/**
 * The events of a ledger, grouped by subject, each with its index. So the state after the first `n` events can be
 * looked up instead of searched for.
 */
export class History {
  readonly cards: (Since & { readonly card: Card })[] = [];
  readonly plans = new Map<string, (Since & { readonly definition: RawPlan })[]>();
  readonly defaults: (Since & { readonly plan: string; readonly from: number })[] = [];
  readonly assigned = new Map<string, Assignment[]>();
  readonly closes: Close[] = [];
  readonly adjustments: (Since & { readonly entry: EntryOf<'usage.adjusted'> })[] = [];
  private readonly sessions = new Map<string, PlacedLife[]>();
  private opened: EntryOf<'ledger.opened'> | undefined;

  /** The history of all events of a ledger. */
  static of(entries: readonly LedgerEntry[]): History {
    const history = new History();
    entries.forEach((entry, index) => history.add({ index, entry }));
    return history;
  }

  get zone(): string {
    return this.opened!.billing_time_zone;
  }

  get firstCurrency(): string {
    return this.opened!.rate_cards[0]!.currency;
  }

  get sessionIds(): Iterable<string> {
    return this.sessions.keys();
  }

  /** Returns the lives of a session within the first `n` events. The last one counts. */
  livesOf(session_id: string, n: number): Life[] {
    return (this.sessions.get(session_id) ?? [])
      .filter((life) => life.index < n)
      .map((life, number) => ({ session_id, life: number, facts: factsUntil(life, n) }));
  }

  /** Returns the indexes of a life's facts. */
  factIndexes({ session_id, life }: Life): readonly number[] {
    return this.sessions.get(session_id)?.[life]?.indexes ?? [];
  }

  /**
   * Takes the next event.
   * @throws Error if the first event is not `ledger.opened`, or if the content of an event can't be read.
   */
  add({ index, entry }: Placed): void {
    if (this.opened === undefined && entry.type !== 'ledger.opened') {
      throw new Error('The first event must be `ledger.opened`.');
    }
    switch (entry.type) {
      case 'fact':
        return this.addFact(index, readFact(entry.event));
      case 'ledger.opened':
        this.opened = entry;
        for (const raw of entry.rate_cards) this.addCard(index, readCard(raw, entry.recorded_at));
        for (const [plan, definition] of Object.entries(entry.plans)) {
          pushTo(this.plans, plan, { index, definition });
        }
        return;
      case 'rate_card.published':
        return this.addCard(index, readCard(entry.card, entry.recorded_at));
      case 'plan.defined':
        return pushTo(this.plans, entry.plan, { index, definition: entry.definition });
      case 'plan.defaulted': {
        const from = readInstant(entry.effective_from);
        return void this.defaults.push({ index, plan: entry.plan, from });
      }
      case 'plan.assigned': {
        const { user_id, plan, currency = null } = entry;
        const from = readInstant(entry.effective_from);
        return pushTo(this.assigned, user_id, { index, plan, currency, from });
      }
      case 'usage.adjusted':
        return void this.adjustments.push({ index, entry });
      case 'session.voided':
        return void this.sessions.get(entry.session_id)?.push({ index, facts: [], indexes: [] });
      case 'billing_period.closed': {
        const { period, size } = entry;
        const [from, to] = [readInstant(entry.from), readInstant(entry.to)];
        return void this.closes.push({ index, period, from, to, size });
      }
    }
  }

  private addCard(index: number, card: Card): void {
    this.cards.push({ index, card });
  }

  private addFact(index: number, fact: Fact): void {
    let lives = this.sessions.get(fact.session_id);
    if (lives === undefined) {
      lives = [{ index, facts: [], indexes: [] }];
      this.sessions.set(fact.session_id, lives);
    }
    const life = lives.at(-1)!;
    life.facts.push(fact);
    life.indexes.push(index);
  }
}

/**
 * Returns a life's facts among the first `n` events. Returns the list itself if it has no others, because results are
 * cached by the list's identity.
 */
function factsUntil({ facts, indexes }: PlacedLife, n: number): readonly Fact[] {
  if (indexes.length === 0 || indexes.at(-1)! < n) return facts;
  return facts.slice(
    0,
    indexes.findIndex((index) => index >= n),
  );
}

function pushTo<T>(lists: Map<string, T[]>, key: string, one: T): void {
  const list = lists.get(key);
  if (list) list.push(one);
  else lists.set(key, [one]);
}
