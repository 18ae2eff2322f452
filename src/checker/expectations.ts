import { Replay } from './derivation/closing';
import type { Derived } from './derivation/derived';
import { summariesOf } from './derivation/reference';
import { derivedLines, totalsOf, type Totals } from './derived-lines';
import type { EventsCheck } from './events-check';
import type { Header, Scope } from './header';
import type { JsonObject } from './json';
import type { Problems } from './problem';
import { keyOf, StatedOrder } from './stated-order';

/** Counts of what was derived, for a report. */
export interface Rederived {
  readonly usage_logs: number;
  readonly summaries: number;
  readonly adjustments: number;
  readonly waiting: number;
  /** By currency: the sum over the bundle's summaries. */
  readonly cost_cents: Readonly<Record<string, number>>;
}

/** Derives the bills from a bundle's events, and compares them with the lines of the bundle one by one. */
export class Expectations {
  private readonly derived: Derived;
  /** Lines that follow from the events and were not stated yet, by key. */
  private readonly open = new Map<string, string>();
  private readonly stated = new Set<string>();
  private readonly order = new StatedOrder();

  constructor(
    events: EventsCheck,
    private readonly header: Header,
    private readonly problems: Problems,
  ) {
    this.derived = new Replay(events.history).derive(header.size);
    for (const { key, text } of derivedLines(this.derived, header.scope)) this.open.set(key, text);
    this.checkCloses(events);
  }

  /** @throws DoesNotFollow if the line has no proper key. */
  take(line: number, kind: string, text: string): void {
    const said = JSON.parse(text) as JsonObject;
    const names = keyOf(kind, said);
    const misplaced = this.order.take(kind, names);
    if (misplaced !== undefined) this.problems.add(misplaced, line);
    const key = [kind, ...names].join(' ');
    const follows = this.open.get(key);
    if (follows === undefined) {
      this.problems.add(
        this.stated.has(key)
          ? `The ${spoken(key)} is stated a second time.`
          : `The bundle states the ${spoken(key)}, which does not follow from the events.`,
        line,
      );
      return;
    }
    this.open.delete(key);
    this.stated.add(key);
    if (follows !== text) {
      const differences = differing(said, JSON.parse(follows) as JsonObject);
      this.problems.add(`The ${spoken(key)}${ofUser(said)}: ${differences}.`, line);
    }
  }

  end(): void {
    for (const [key, text] of this.open) {
      this.problems.add(
        `The ${spoken(key)} follows from the events, but no line states it: ${text}`,
      );
    }
  }

  rederived(): Rederived {
    const all = [...this.stated, ...this.open.keys()];
    const count = (kind: string) => all.filter((key) => key.startsWith(`${kind} `)).length;
    const { period, user_id } = this.header.scope;
    const cents: Record<string, number> = {};
    for (const one of summariesOf(this.derived)) {
      if (period !== null && one.period !== period) continue;
      if (user_id !== null && one.user_id !== user_id) continue;
      cents[one.currency] = (cents[one.currency] ?? 0) + one.cost_cents;
    }
    return {
      usage_logs: count('usage_log'),
      summaries: count('summary'),
      adjustments: count('adjustment'),
      waiting: count('waiting'),
      cost_cents: cents,
    };
  }

  /** Compares the totals that closes pin (docs/reference/rules.md#close-2), for the periods that the bundle covers. */
  private checkCloses({ closes }: EventsCheck): void {
    const totals = totalsOf(summariesOf(this.derived));
    for (const close of closes) {
      if (!holdsAllOf(this.header.scope, close.period)) continue;
      const follows: readonly Totals[] = totals.get(close.period) ?? [];
      if (JSON.stringify(close.totals) === JSON.stringify(follows)) continue;
      this.problems.add(
        `The close of ${close.period} pins the totals ${JSON.stringify(close.totals)}, but those that follow are ${JSON.stringify(follows)}.`,
        close.line,
        close.index,
      );
    }
  }
}

/** Returns whether a bundle of this scope has everything that a period's totals depend on. */
const holdsAllOf = (scope: Scope, period: string): boolean =>
  scope.user_id === null && (scope.period === null || scope.period === period);

/** Turns a key such as `usage_log s-1~1` into words for messages. */
const spoken = (key: string): string => key.replace(/^usage_log/, 'usage log');

function ofUser(said: JsonObject): string {
  const user = said['user_id'];
  const session = said['session_id'];
  if (typeof user !== 'string') return '';
  return typeof session === 'string' ? ` (session ${session} of ${user})` : ` (of ${user})`;
}

function differing(said: JsonObject, follows: JsonObject): string {
  const names = [...new Set([...Object.keys(follows), ...Object.keys(said)])];
  const differences = names
    .filter((name) => JSON.stringify(said[name]) !== JSON.stringify(follows[name]))
    .map((name) => `${name} is ${show(said[name])}, but ${show(follows[name])} follows`);
  return differences.length === 0 ? 'its fields are in another order' : differences.join('; ');
}

const show = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
