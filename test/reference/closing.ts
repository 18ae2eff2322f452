import { billingOf, type Billing, describe, outcomeOf, startOf } from './attempts';
import { byText, type Fact, type Life, livesOf } from './facts';
import type { LedgerEntry } from './ledger';
import { nextMonth, writeInstant } from './months';
import { rateStatement, type Unrated } from './rating';
import { Rational } from './rational';
import { billedSecondsOf, type Card, entryOf, readTerms, type Terms } from './terms';

export interface ReferenceLog {
  session_id: string;
  user_id: string;
  client_id: string | null;
  attempt: number;
  retry_count: number;
  transcription_type: Billing['type'];
  billable: boolean;
  billing_reason: Billing['reason'];
  stt_provider: string;
  duration_seconds: string;
  billed_seconds: string;
  included_seconds: string;
  billable_minutes: string;
  cost: string;
  cost_cents: number;
  currency: string;
  usage_period: string;
  billing_period: string;
  late: boolean;
  plan: string;
  rate_card_id: string | null;
  started_at: string | null;
  completed_at: string;
  language: string | null;
  original_filename: string | null;
  speaker_count: number | null;
  confidence_score: number | null;
  channels: number;
  /** One more than the index of the event that made it a log. */
  position: string;
}

/** Something that counts in a period: its key names it in every prefix of the ledger. */
interface Counted {
  readonly key: string;
  readonly user_id: string;
  readonly session_id: string;
  readonly billing_period: string;
}

export interface Row extends Counted {
  readonly life: number;
  /** The log's place in its statement, from 0. */
  readonly rank: number;
  readonly log: ReferenceLog;
}

export interface Failure extends Counted {
  /**
   * "Failures count in the user's own" currency of the period that they count in (http.md). It is
   * kept with the failure, as an assignment may lie between a close's `size` and the close.
   */
  readonly currency: string;
}

export interface Adjustment extends Omit<Counted, 'session_id'> {
  readonly currency: string;
  readonly amount_cents: number;
}

export interface Waiting {
  session_id: string;
  attempt: number;
  user_id: string;
  status: 'pending' | 'unrated';
}

/** All that follows from a prefix of the ledger. */
export interface Derived {
  readonly terms: Terms;
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  readonly adjustments: readonly Adjustment[];
  /** With the `usage_period` that it would be of, which only checks of commands need. */
  readonly waiting: readonly (Waiting & { readonly usage_period: string })[];
}

const SIXTY = Rational.of(60);

/** "Billed seconds / 60, half-even at 6 decimals" (http.md, Values). */
export const toMinutes = (seconds: Rational): string =>
  seconds.over(SIXTY).rounded(6, 'half_even').toWire();

const keyOf = (life: Life, attempt: number): string =>
  JSON.stringify([life.session_id, life.life, attempt]);

/** An attempt that is a log: it is billed, or not, and nothing is missing to say so. */
interface Settled {
  readonly status: 'log';
  readonly completed: Fact;
  readonly billing: Billing;
  readonly currency: string;
  readonly card: Card | null;
}

type Standing = Settled | { readonly status: 'pending' | 'unrated'; readonly currency: string };

/**
 * Derives everything from the first `n` events, for every `n` that is asked for. There is no state:
 * "the statement of a closed period is the one that the first `size` events give" (product.md,
 * Closing) is a recursion into a shorter prefix, and the position of a log is found by asking each
 * prefix whether the log was one by then.
 */
export class Replay {
  private readonly all = new Map<number, Derived>();
  private readonly bases = new Map<number, Base>();

  constructor(private readonly entries: readonly LedgerEntry[]) {}

  derive(n: number): Derived {
    const known = this.all.get(n);
    if (known) return known;
    const derived = this.deriveAnew(n);
    this.all.set(n, derived);
    return derived;
  }

  /** What is known of a prefix before anything open is rated. */
  private base(n: number): Base {
    const known = this.bases.get(n);
    if (known) return known;
    const prefix = this.entries.slice(0, n);
    const terms = readTerms(prefix);
    const lives = livesOf(prefix);
    const frozen = terms.closes.map((close) => {
      const before = this.derive(close.size);
      const isOfPeriod = (one: { billing_period: string }) => one.billing_period === close.period;
      return {
        rows: before.rows.filter(isOfPeriod),
        failures: before.failures.filter(isOfPeriod),
        adjustments: before.adjustments.filter(isOfPeriod),
      };
    });
    const base: Base = {
      prefix,
      terms,
      lives,
      // A session's last life is the one that counts.
      current: [...new Map(lives.map((life) => [life.session_id, life])).values()],
      rows: frozen.flatMap((one) => one.rows),
      failures: frozen.flatMap((one) => one.failures),
      adjustments: frozen.flatMap((one) => one.adjustments),
    };
    this.bases.set(n, base);
    return base;
  }

  private deriveAnew(n: number): Derived {
    const { prefix, terms, lives, current, ...frozen } = this.base(n);
    const frozenRows = new Set(frozen.rows.map((row) => row.key));

    const waiting: Derived['waiting'][number][] = [];
    const open: Candidate[] = [];
    for (const life of current) {
      for (const completed of life.facts.filter((fact) => fact.kind === 'completed')) {
        const key = keyOf(life, completed.attempt);
        if (frozenRows.has(key)) continue;
        const standing = this.standing(n, life, completed.attempt);
        const usagePeriod = terms.periodOf(completed.time);
        if (standing.status !== 'log') {
          const { session_id, user_id, attempt } = completed;
          const { status } = standing;
          waiting.push({ session_id, attempt, user_id, status, usage_period: usagePeriod });
        } else {
          open.push({
            ...standing,
            key,
            life,
            user_id: completed.user_id,
            usagePeriod,
            billingPeriod: terms.firstOpen(usagePeriod),
            madeBy: this.madeBy(n, life, completed.attempt, usagePeriod),
          });
        }
      }
    }

    return {
      terms,
      rows: [
        ...frozen.rows.map((row) => withLateDescriptions(row, lives)),
        ...groupBy(open, (one) => JSON.stringify([one.user_id, one.billingPeriod])).flatMap(
          (group) => statementOf(group, terms),
        ),
      ],
      failures: keepingFrozen(
        frozen.failures,
        current.flatMap((life) =>
          life.facts
            .filter((fact) => fact.kind === 'failed')
            .map((fact) => {
              const billing_period = terms.firstOpen(terms.periodOf(fact.time));
              return {
                key: keyOf(life, fact.attempt),
                user_id: fact.user_id,
                session_id: fact.session_id,
                billing_period,
                currency: terms.currencyOf(fact.user_id, billing_period),
              };
            }),
        ),
      ),
      adjustments: keepingFrozen(
        frozen.adjustments,
        prefix
          .filter((entry) => entry.type === 'usage.adjusted')
          .map((entry) => ({
            key: entry.adjustment_id,
            user_id: entry.user_id,
            billing_period: terms.firstOpen(entry.period),
            currency: entry.currency,
            amount_cents: entry.amount_cents,
          })),
      ),
      waiting: waiting.sort((a, b) => byText(a.session_id, b.session_id) || a.attempt - b.attempt),
    };
  }

  /** Whether a completed attempt is a log after `n` events, or waits. */
  private standing(n: number, life: Life, attempt: number): Standing {
    const { terms, rows } = this.base(n);
    const now = this.lifeAt(n, life);
    const completed = outcomeOf(now.facts, attempt)!;
    const currency = terms.currencyOf(completed.user_id, terms.periodOf(completed.time));
    const card = terms.cardAt(currency, completed.time);
    const paidAlready = rows.some(
      (row) =>
        row.session_id === life.session_id &&
        row.life === life.life &&
        row.log.attempt > attempt &&
        row.log.billing_reason === 'first_success_after_failure',
    );
    // Without a card the policy is the one that a card has that names none.
    const policy = card?.policy ?? 'bill_first_success';
    const billing = billingOf(now.facts, attempt, policy, paidAlready);
    if (billing === null) return { status: 'pending', currency };
    // "With neither, or with no card in force, the attempt is `unrated` … What is not billable needs
    // no price" (step 2).
    const provider = completed.data['stt_provider'] as string;
    if (billing.billable && !(card && entryOf(card, provider))) {
      return { status: 'unrated', currency };
    }
    return { status: 'log', completed, billing, currency, card };
  }

  private lifeAt(n: number, life: Life): Life {
    const empty: Life = { ...life, facts: [] };
    const isSame = (one: Life) => one.session_id === life.session_id && one.life === life.life;
    return this.base(n).lives.find(isSame) ?? empty;
  }

  /**
   * "A log belongs to the ledger from the first event after which it no longer waited … whatever
   * comes later (where its period was closed while it waited again: the first event after that
   * close with which it stops waiting)" (Closing). That close is at its `size`: all that lies
   * behind it is late. The log is frozen in no period, so each closed one from its own on, up to
   * the one that it is billed in, was closed without it.
   */
  private madeBy(n: number, life: Life, attempt: number, usagePeriod: string): number {
    const isLog = (size: number) =>
      outcomeOf(this.lifeAt(size, life).facts, attempt) !== undefined &&
      this.standing(size, life, attempt).status === 'log';
    const firstFrom = (start: number) => {
      for (let index = start; index < n; index++) {
        if (this.mayConcern(index, life) && isLog(index + 1)) return index;
      }
      throw new Error(`${life.session_id}/${attempt} is no log`);
    };
    const { terms } = this.base(n);
    let madeBy = firstFrom(0);
    const billingPeriod = terms.firstOpen(usagePeriod);
    for (let period = usagePeriod; period < billingPeriod; period = nextMonth(period)) {
      const { size } = terms.closes.find((close) => close.period === period)!;
      if (madeBy < size && !isLog(size)) madeBy = firstFrom(size);
    }
    return madeBy;
  }

  /** Facts of other sessions never make a log: to skip them is only a matter of time. */
  private mayConcern(index: number, life: Life): boolean {
    const entry = this.entries[index]!;
    return entry.type !== 'fact' || entry.event.data['session_id'] === life.session_id;
  }
}

interface Base {
  readonly prefix: readonly LedgerEntry[];
  readonly terms: Terms;
  readonly lives: readonly Life[];
  readonly current: readonly Life[];
  /** What closed periods hold, by the prefixes that their closes counted. */
  readonly rows: readonly Row[];
  readonly failures: readonly Failure[];
  readonly adjustments: readonly Adjustment[];
}

interface Candidate extends Settled {
  readonly key: string;
  readonly life: Life;
  readonly user_id: string;
  readonly usagePeriod: string;
  readonly billingPeriod: string;
  readonly madeBy: number;
}

/** "Nothing that is recorded after a close changes a number of the closed period" (law 8). */
function keepingFrozen<T extends { key: string }>(frozen: readonly T[], live: T[]): T[] {
  const keys = new Set(frozen.map((one) => one.key));
  return [...frozen, ...live.filter((one) => !keys.has(one.key))];
}

function groupBy<T>(all: readonly T[], keyOfOne: (one: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const one of all) {
    groups.set(keyOfOne(one), [...(groups.get(keyOfOne(one)) ?? []), one]);
  }
  return [...groups.values()];
}

/**
 * "By `time`, then session id (by code point), then attempt …; late logs stand after all others, in
 * ledger order of the event that made them logs, then likewise" (From an attempt to money).
 */
function inStatement(a: Candidate, b: Candidate): number {
  const isLate = (one: Candidate) => one.billingPeriod !== one.usagePeriod;
  return (
    Number(isLate(a)) - Number(isLate(b)) ||
    (isLate(a) ? a.madeBy - b.madeBy : 0) ||
    a.completed.time - b.completed.time ||
    byText(a.completed.session_id, b.completed.session_id) ||
    a.completed.attempt - b.completed.attempt
  );
}

function statementOf(group: readonly Candidate[], terms: Terms): Row[] {
  const statement = [...group].sort(inStatement);
  const rated = rateStatement(
    statement.map(({ completed, billing, card, currency }): Unrated => {
      const { data, user_id, time } = completed;
      const entry = card && entryOf(card, data['stt_provider'] as string);
      const duration = Rational.parse(data['duration_seconds'] as string);
      return {
        billable: billing.billable,
        currency,
        card,
        entry,
        billedSeconds: billing.billable
          ? billedSecondsOf(entry!.price, duration, data['channels'] as number)
          : Rational.of(0),
        allowance: terms.planAt(user_id, time).includedSeconds,
        speakers: (data['speaker_count'] ?? null) as number | null,
        confidence: (data['confidence_score'] ?? null) as number | null,
      };
    }),
  );
  return statement.map((one, rank): Row => {
    const { completed, billing, card, currency, life, user_id } = one;
    const { session_id, attempt, data } = completed;
    const { billedSeconds, includedSeconds, cost, costCents } = rated[rank]!;
    const started = startOf(life.facts, attempt);
    const text = (field: string) => describe(life.facts, attempt, field) as string | null;
    const number = (field: string) => (data[field] ?? null) as number | null;
    return {
      key: one.key,
      user_id,
      session_id,
      life: life.life,
      billing_period: one.billingPeriod,
      rank,
      log: {
        session_id,
        user_id,
        client_id: text('client_id'),
        attempt,
        retry_count: attempt - 1,
        transcription_type: billing.type,
        billable: billing.billable,
        billing_reason: billing.reason,
        stt_provider: data['stt_provider'] as string,
        duration_seconds: data['duration_seconds'] as string,
        billed_seconds: billedSeconds.toWire(),
        included_seconds: includedSeconds.toWire(),
        billable_minutes: toMinutes(billedSeconds),
        cost: cost.toWire(),
        cost_cents: Number(costCents),
        currency,
        usage_period: one.usagePeriod,
        billing_period: one.billingPeriod,
        late: one.billingPeriod !== one.usagePeriod,
        plan: terms.planAt(user_id, completed.time).name,
        rate_card_id: card?.id ?? null,
        started_at: started ? writeInstant(started.time) : null,
        completed_at: writeInstant(completed.time),
        language: text('language'),
        original_filename: text('original_filename'),
        speaker_count: number('speaker_count'),
        confidence_score: number('confidence_score'),
        channels: data['channels'] as number,
        position: String(one.madeBy + 1),
      },
    };
  });
}

/**
 * "Nothing later changes its rows, types included, save that a late `started` may fill in
 * descriptions" (Closing). To fill in is to give what was not there: a description that the row had
 * stays, whatever a late fact says.
 */
function withLateDescriptions(row: Row, lives: readonly Life[]): Row {
  const life = lives.find((one) => one.session_id === row.session_id && one.life === row.life)!;
  const { attempt } = row.log;
  const started = startOf(life.facts, attempt);
  const fill = (field: string) =>
    describe(life.facts, attempt, field, ['started']) as string | null;
  return {
    ...row,
    log: {
      ...row.log,
      client_id: row.log.client_id ?? fill('client_id'),
      language: row.log.language ?? fill('language'),
      original_filename: row.log.original_filename ?? fill('original_filename'),
      started_at: row.log.started_at ?? (started ? writeInstant(started.time) : null),
    },
  };
}
