import { billingOf, outcomeOf } from './attempts';
import { entryOf } from './cards';
import {
  type Adjustment,
  type Derived,
  type Failure,
  keyOf,
  type Row,
  type Waiting,
} from './derived';
import { byText, type Fact, type Life } from './facts';
import type { Close, History } from './history';
import { nextMonth } from './months';
import { type Candidate, type Settled, statementOf, withLateDescriptions } from './statements';
import { type Terms, termsAt } from './terms';

type Standing = Settled | { readonly status: 'pending' | 'unrated'; readonly currency: string };

/** The content of a closed period, derived from the prefix that its close counted. */
interface Frozen {
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  readonly adjustments: readonly Adjustment[];
  readonly rowsOf: ReadonlyMap<string, readonly Row[]>;
  readonly keys: ReadonlySet<string>;
}

/** The state after the first `n` events: the terms then, and the periods closed by then. */
interface Place {
  readonly n: number;
  readonly terms: Terms;
  readonly frozen: readonly Frozen[];
}

interface OpenLogs {
  readonly logs: readonly Candidate[];
  readonly waiting: readonly (Waiting & { readonly usage_period: string })[];
}

/** How many such states are cached. Only a few are needed at once. */
const KNOWN_PLACES = 1_000;

/**
 * Derives everything from the first `n` events, for any `n`. There is no running state. The statement of a closed
 * period is the one that the first `size` events give (docs/reference/rules.md#close-3), so it is derived by recursion
 * into a shorter prefix. The position of a log is found by checking in which prefixes it was already a log.
 */
export class Replay {
  private readonly closed = new Map<Close, Frozen>();
  private readonly places = new Map<number, Place>();

  /** No close of the history may count more events than there are before it. */
  constructor(private readonly history: History) {}

  derive(n: number): Derived {
    const place = this.place(n);
    const { terms, frozen } = place;
    const { logs, waiting } = this.openLogs(place);
    return {
      terms,
      rows: [
        ...frozen
          .flatMap((one) => one.rows)
          .map((row) => {
            const life = this.history.livesOf(row.session_id, n)[row.life]!;
            return withLateDescriptions(row, life);
          }),
        ...statementsOf(logs, terms),
      ],
      failures: [...frozen.flatMap((one) => one.failures), ...this.openFailures(place)],
      adjustments: [...frozen.flatMap((one) => one.adjustments), ...this.openAdjustments(place)],
      waiting: [...waiting].sort(
        (a, b) => byText(a.session_id, b.session_id) || a.attempt - b.attempt,
      ),
    };
  }

  private place(n: number): Place {
    const known = this.places.get(n);
    if (known) return known;
    const frozen = this.history.closes
      .filter((close) => close.index < n)
      .map((close) => this.frozenBy(close));
    const place = { n, terms: termsAt(this.history, n), frozen };
    if (this.places.size >= KNOWN_PLACES) this.places.clear();
    this.places.set(n, place);
    return place;
  }

  private frozenBy(close: Close): Frozen {
    const known = this.closed.get(close);
    if (known) return known;
    const place = this.place(close.size);
    const isOfIt = (one: { billing_period: string }) => one.billing_period === close.period;
    const { logs } = this.openLogs(place, close.period);
    const rows = statementsOf(logs, place.terms);
    const failures = this.openFailures(place).filter(isOfIt);
    const adjustments = this.openAdjustments(place).filter(isOfIt);
    const keys = [...rows, ...failures, ...adjustments].map((one) => one.key);
    const rowsOf = groupBy(rows, (row) => row.session_id);
    const frozen = { rows, failures, adjustments, rowsOf, keys: new Set(keys) };
    this.closed.set(close, frozen);
    return frozen;
  }

  /** The lives that count after `n` events: the last life of each session. */
  private *current(n: number): Generator<Life> {
    for (const session_id of this.history.sessionIds) {
      const life = this.history.livesOf(session_id, n).at(-1);
      if (life) yield life;
    }
  }

  /**
   * Completed attempts that are in no closed period: the logs (of one billing period, or of all), and those that wait.
   */
  private openLogs(place: Place, period?: string): OpenLogs {
    const { n, terms } = place;
    const waiting: OpenLogs['waiting'][number][] = [];
    const logs: Candidate[] = [];
    for (const life of this.current(n)) {
      for (const completed of life.facts.filter((fact) => fact.kind === 'completed')) {
        const key = keyOf(life, completed.attempt);
        if (isFrozen(place, key)) continue;
        const usagePeriod = terms.periodOf(completed.time);
        const billingPeriod = terms.firstOpen(usagePeriod);
        if (period !== undefined && billingPeriod !== period) continue;
        const standing = this.standing(place, life, completed.attempt);
        if (standing.status !== 'log') {
          const { session_id, user_id, attempt } = completed;
          const { status } = standing;
          waiting.push({ session_id, attempt, user_id, status, usage_period: usagePeriod });
        } else {
          const { user_id } = completed;
          const madeBy = this.madeBy(place, life, completed, usagePeriod);
          logs.push({ ...standing, key, life, user_id, usagePeriod, billingPeriod, madeBy });
        }
      }
    }
    return { logs, waiting };
  }

  private openFailures(place: Place): Failure[] {
    const { n, terms } = place;
    const failures: Failure[] = [];
    for (const life of this.current(n)) {
      for (const fact of life.facts.filter((one) => one.kind === 'failed')) {
        const key = keyOf(life, fact.attempt);
        if (isFrozen(place, key)) continue;
        const { user_id, session_id } = fact;
        const billing_period = terms.firstOpen(terms.periodOf(fact.time));
        const currency = terms.currencyOf(user_id, billing_period);
        failures.push({ key, user_id, session_id, billing_period, currency });
      }
    }
    return failures;
  }

  private openAdjustments(place: Place): Adjustment[] {
    return this.history.adjustments
      .filter(({ index }) => index < place.n)
      .map(({ entry }) => ({
        key: JSON.stringify(['adjustment', entry.adjustment_id]),
        id: entry.adjustment_id,
        user_id: entry.user_id,
        billing_period: place.terms.firstOpen(entry.period),
        currency: entry.currency,
        amount_cents: entry.amount_cents,
      }))
      .filter(({ key }) => !isFrozen(place, key));
  }

  /** Whether a completed attempt is a log in this state, or waits. */
  private standing({ n, terms, frozen }: Place, life: Life, attempt: number): Standing {
    const { facts } = this.history.livesOf(life.session_id, n)[life.life]!;
    const completed = outcomeOf(facts, attempt)!;
    const currency = terms.currencyOf(completed.user_id, terms.periodOf(completed.time));
    const card = terms.cardAt(currency, completed.time);
    const paidAlready = frozen.some((one) =>
      one.rowsOf
        .get(life.session_id)
        ?.some(
          (row) =>
            row.life === life.life &&
            row.log.attempt > attempt &&
            row.log.billing_reason === 'first_success_after_failure',
        ),
    );
    // Without a card, the default policy of cards applies.
    const policy = card?.policy ?? 'bill_first_success';
    const billing = billingOf(facts, attempt, policy, paidAlready);
    if (billing === null) return { status: 'pending', currency };
    // A billed attempt without a price is unrated. One that is free needs no price (docs/reference/rules.md#bill-1).
    const provider = completed.data['stt_provider'] as string;
    if (billing.billable && !(card && entryOf(card, provider))) {
      return { status: 'unrated', currency };
    }
    return { status: 'log', completed, billing, currency, card };
  }

  private isLog(n: number, life: Life, attempt: number): boolean {
    const then = this.history.livesOf(life.session_id, n)[life.life];
    if (then === undefined || outcomeOf(then.facts, attempt) === undefined) return false;
    return this.standing(this.place(n), life, attempt).status === 'log';
  }

  /**
   * Returns the index of the event that made a log (docs/reference/rules.md#log-2), even if the attempt waits again
   * later. There is one exception. If the period was closed while the attempt waited again, it is the first event after
   * that close with which the attempt stops waiting (docs/reference/rules.md#close-5). A close is placed at its `size`:
   * everything after that is late. The log is in no closed period. So each closed period, from the log's own up to the
   * one it is billed in, was closed without it.
   */
  private madeBy({ terms }: Place, life: Life, completed: Fact, usagePeriod: string): number {
    const { attempt } = completed;
    const own = this.history.factIndexes(life);
    const told = own[life.facts.indexOf(completed)]!;
    const firstFrom = (start: number): number => {
      // An attempt is usually a log from its outcome on.
      if (told >= start && this.isLog(told + 1, life, attempt)) return told;
      const concern = this.concerning(own, completed.user_id);
      const index = concern.find(
        (one) => one >= start && one > told && this.isLog(one + 1, life, attempt),
      );
      if (index === undefined) throw new Error(`${life.session_id}/${attempt} is no log`);
      return index;
    };
    let madeBy = firstFrom(0);
    const billingPeriod = terms.firstOpen(usagePeriod);
    for (let period = usagePeriod; period < billingPeriod; period = nextMonth(period)) {
      const { size } = terms.closes.find((close) => close.period === period)!;
      if (madeBy < size && !this.isLog(size, life, attempt)) madeBy = firstFrom(size);
    }
    return madeBy;
  }

  /** The events that may make an attempt a log: facts of its life, cards, closes, and assignments of its user. */
  private concerning(facts: readonly number[], userId: string): number[] {
    const { cards, closes, assigned } = this.history;
    const agreed = [...cards, ...closes, ...(assigned.get(userId) ?? [])].map((one) => one.index);
    return [...new Set([...facts, ...agreed])].sort((a, b) => a - b);
  }
}

/** Whether the attempt counts in a closed period, which nothing changes (docs/reference/laws.md#law-8). */
const isFrozen = ({ frozen }: Place, key: string): boolean =>
  frozen.some((one) => one.keys.has(key));

const statementsOf = (logs: readonly Candidate[], terms: Terms): Row[] =>
  [...groupBy(logs, (one) => JSON.stringify([one.user_id, one.billingPeriod])).values()].flatMap(
    (statement) => statementOf(statement, terms),
  );

function groupBy<T>(all: readonly T[], keyOfOne: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    const group = groups.get(keyOfOne(one));
    if (group) group.push(one);
    else groups.set(keyOfOne(one), [one]);
  }
  return groups;
}
