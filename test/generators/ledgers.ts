/**
 * Whole ledgers: facts mixed with cards, plans, assignments, adjustments, voids and closes, each allowed by the rules
 * (docs/reference/rules.md) at its position. The reference decides what is allowed.
 */
import fc from 'fast-check';

import { derive, judge } from '../../src/checker/derivation/reference';
import { livesOf } from '../../src/checker/derivation/facts';
import type {
  CloudEvent,
  LedgerEntry,
  RawCard,
  RawPlan,
} from '../../src/checker/derivation/ledger';
import {
  monthOf,
  monthStart,
  nextMonth,
  readInstant,
  writeInstant,
} from '../../src/checker/derivation/months';
import { factHistory, type FactOptions, FIRST, NOW, USERS } from './facts';
import { rateCard } from './rate-cards';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const OPENED = FIRST - DAY;
const CURRENCIES = ['TWD', 'USD'];
const NEW_CURRENCY = 'EUR';

const plan: fc.Arbitrary<RawPlan> = fc.record(
  {
    included_minutes: fc.constantFrom('0', '0.5', '1', '2.5', '10'),
    minutes: fc.constantFrom('120', null),
    sessions: fc.constantFrom(10, null),
    file_size_bytes: fc.constantFrom(50_000_000, null),
    export_formats: fc.constantFrom(['json', 'txt'], null),
  },
  { requiredKeys: [] },
);

/** Stands for the start of the next month: the only time at which a busy user's currency may change. */
const NEXT_MONTH = -1;

/** How long after its recording something takes effect: now, soon, in later months. */
const ahead = fc.constantFrom(
  0,
  0,
  1,
  3 * MINUTE,
  DAY,
  10 * DAY,
  40 * DAY,
  NEXT_MONTH,
  NEXT_MONTH,
  NEXT_MONTH,
);

type Step =
  | { kind: 'card'; card: RawCard; currency: number; ahead: number }
  | { kind: 'first_card'; card: RawCard; from: string }
  | { kind: 'price_unrated'; pick: number; amount: string }
  | { kind: 'define'; name: string; definition: RawPlan }
  | { kind: 'default'; plan: number; ahead: number }
  | { kind: 'assign'; user: number; plan: number; currency: number; ahead: number }
  | { kind: 'adjust'; user: number; month: number; amount: number }
  | { kind: 'void'; pick: number; resend: number }
  | { kind: 'close'; pick: number; force: boolean; back: number };

const amountOf = (magnitude: number) => fc.integer({ min: 1, max: magnitude });

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('card' as const),
      card: rateCard(),
      currency: fc.nat(2),
      ahead,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('first_card' as const),
      card: rateCard(),
      from: fc.constantFrom('1970-01-01T00:00:00Z', '2026-09-15T00:00:00Z'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('price_unrated' as const),
      pick: fc.nat(20),
      amount: fc.constantFrom('0.02', '1'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('define' as const),
      name: fc.constantFrom('trial', 'team'),
      definition: plan,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('default' as const), plan: fc.nat(4), ahead }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('assign' as const),
      user: fc.nat(5),
      plan: fc.nat(4),
      currency: fc.nat(5),
      ahead,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('adjust' as const),
      user: fc.nat(5),
      month: fc.nat(3),
      amount: fc.oneof(
        amountOf(500),
        amountOf(50).map((one) => -one),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('void' as const),
      pick: fc.nat(20),
      resend: fc.nat(9),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('close' as const),
      pick: fc.nat(7),
      force: fc.boolean(),
      back: fc.constantFrom(0, 0, 1, 2, 3, 5),
    }),
  },
);

/** From an occurrence to its recording: at most five minutes early, mostly soon, sometimes late. */
const delay = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom(-5 * MINUTE, -MINUTE, 0, 1, 1_000, MINUTE) },
  { weight: 3, arbitrary: fc.integer({ min: 0, max: 40 * DAY }) },
);

/**
 * Users who pay in another currency from some month on, and whose month before is closed soon. Late usage then stands
 * beside usage in the other currency. Chance alone hardly ever produces this.
 */
const currencyChange: fc.Arbitrary<Item[]> = fc
  .record({
    days: fc.constantFrom(['2026-08-20', '2026-09-03'], ['2026-09-20', '2026-10-02']),
    users: fc.subarray([0, 1, 2], { minLength: 1 }),
  })
  .map(({ days, users }) => [
    ...users.map((user): Item => ({
      at: Date.parse(days[0]),
      step: { kind: 'assign', user, plan: 0, currency: 3, ahead: NEXT_MONTH },
    })),
    { at: Date.parse(days[1]), step: { kind: 'close', pick: 0, force: true, back: 1 } },
  ]);

/**
 * A session whose attempt 3 is a log until its request turns out to lie before the end of attempt 2; then it waits for
 * attempt 1, while its periods are closed by force. This is the one case in which a log's position moves
 * (docs/reference/rules.md#close-5). Chance alone does not produce it.
 */
const waitingAgain: fc.Arbitrary<Item[]> = fc
  .tuple(
    fc.constantFrom(...USERS),
    fc.array(
      fc.constantFrom('2026-08-30', '2026-08-31', '2026-09-02', '2026-09-05', '2026-10-05'),
      { minLength: 5, maxLength: 5 },
    ),
    fc.constantFrom('completed', 'failed'),
    fc.subarray(['2026-09-03', '2026-10-02'], { minLength: 1 }),
    fc.constantFrom('0', '42.5'),
  )
  .map(([user_id, days, outcome, closes, duration_seconds]) => {
    const tell = (kind: string, attempt: number, time: string, day: string): Item => ({
      at: Date.parse(`${day}T00:00:00Z`),
      event: {
        specversion: '1.0',
        id: `${kind}-${attempt}`,
        source: 'worker/w',
        type: `transcription.session.${kind}`,
        time,
        data: {
          session_id: 'waits-again',
          user_id,
          attempt,
          ...(kind !== 'retried' && { stt_provider: 'google' }),
          ...(kind === 'completed' && { duration_seconds: attempt === 1 ? duration_seconds : 75 }),
          ...(kind === 'failed' && { error_code: 'timeout' }),
        },
      },
    });
    return [
      tell('completed', 2, '2026-08-28T00:10:00Z', days[0]!),
      tell('completed', 3, '2026-08-28T01:00:00Z', days[1]!),
      tell('retried', 3, '2026-08-28T00:00:00Z', days[2]!),
      tell(outcome, 1, '2026-08-27T00:00:00Z', days[3]!),
      tell('completed', 4, '2026-08-28T02:00:00Z', days[4]!),
      ...closes.map((day): Item => ({
        at: Date.parse(`${day}T12:00:00Z`),
        step: { kind: 'close', pick: 0, force: true, back: 0 },
      })),
    ];
  });

export interface LedgerOptions extends FactOptions {
  maxSteps?: number;
  zones?: readonly string[];
  /**
   * Whether closes may race: the `size` of a close may then lie before an earlier close event, which it did not count
   * (docs/reference/rules.md#close-2, taken literally).
   */
  racingCloses?: boolean;
  /** Events between what a close counted and the close itself. A store that serialises writes has none. */
  gaps?: boolean;
}

/** A whole ledger, from `ledger.opened` on, in which each event was allowed at its position. */
export function ledgerHistory(options: LedgerOptions = {}): fc.Arbitrary<LedgerEntry[]> {
  const { maxSteps = 10, zones = ['UTC', 'Asia/Taipei', 'America/New_York'] } = options;
  const withoutGap = (item: Item): Item =>
    'step' in item && item.step.kind === 'close' && options.gaps === false
      ? { ...item, step: { ...item.step, back: 0 } }
      : item;
  return fc
    .record({
      zone: fc.constantFrom(...zones),
      cards: fc.tuple(
        rateCard({ rate_card_id: 'card-0', currency: CURRENCIES[0] }),
        rateCard({ rate_card_id: 'card-1', currency: CURRENCIES[1] }),
      ),
      cardFrom: fc.constantFrom(undefined, '2026-08-25T00:00:00+08:00', '1970-01-01T00:00:00Z'),
      plans: fc.record({ free: plan, pro: plan }),
      events: factHistory(options),
      delays: fc.array(delay, { minLength: 60, maxLength: 60 }),
      steps: fc.array(fc.tuple(fc.integer({ min: OPENED, max: NOW }), step), {
        maxLength: maxSteps,
      }),
      // Closes need months that are over, so some steps come after them.
      closing: fc.array(
        fc.tuple(
          fc.constantFrom(
            '2026-08-20',
            '2026-09-03',
            '2026-09-25',
            '2026-10-02',
            '2026-11-02',
            '2026-11-10',
          ),
          step,
        ),
        { maxLength: Math.ceil(maxSteps / 2) },
      ),
      change: fc.option(currencyChange, { freq: 2 }),
      again: fc.option(waitingAgain, { freq: 2 }),
    })
    .map(({ zone, cards, cardFrom, plans, events, delays, steps, closing, change, again }) => {
      const opened: LedgerEntry = {
        type: 'ledger.opened',
        recorded_at: OPENED,
        billing_time_zone: zone,
        rate_cards: [{ ...cards[0], ...(cardFrom && { effective_from: cardFrom }) }, cards[1]],
        plans,
      };
      const agenda: Item[] = [
        ...events.map((event, at): Item => {
          const happened = readInstant(event.time);
          const from = Math.max(happened - 5 * MINUTE, OPENED);
          const wanted = happened + delays[at % delays.length]!;
          return { at: Math.min(Math.max(wanted, from), NOW), event };
        }),
        ...steps.map(([at, one]): Item => ({ at, step: one })),
        ...closing.map(([day, one]): Item => ({
          at: Date.parse(`${day}T12:00:00Z`),
          step: one,
        })),
        ...(change ?? []),
        ...(again ?? []),
      ]
        .map(withoutGap)
        .sort((a, b) => a.at - b.at);
      return play(opened, agenda, options.racingCloses ?? false);
    });
}

type Item = { at: number; event: CloudEvent } | { at: number; step: Step };

/** Records the agenda in order, except what the rules would have refused. */
function play(opened: LedgerEntry, agenda: readonly Item[], racing: boolean): LedgerEntry[] {
  const entries: LedgerEntry[] = [opened];
  const later = [...agenda];
  while (later.length > 0) {
    const item = later.shift()!;
    if ('event' in item) {
      entries.push(...judge([item.event], entries, item.at).recorded);
      continue;
    }
    const entry = entryOf(item.step, item.at, entries, racing);
    if (entry === null) continue;
    entries.push(entry);
    if (entry.type === 'session.voided' && item.step.kind === 'void') {
      const again = resent(entries, entry.session_id, item.step.resend);
      // Spread over what follows, so that a resent fact may lie on either side of a close.
      again.forEach((event, index) => {
        const place = Math.min(later.length, index * 2);
        const at = place === 0 ? item.at : later[place - 1]!.at;
        later.splice(place, 0, { at: Math.max(at, item.at), event });
      });
    }
  }
  return entries;
}

/** The true facts under new ids, perhaps of another user, and sometimes a voided fact again. */
function resent(entries: readonly LedgerEntry[], session_id: string, style: number): CloudEvent[] {
  const all = entries.filter((one) => one.type === 'fact').map((one) => one.event);
  const own = all.filter((one) => one.data['session_id'] === session_id);
  if (style === 0) return [];
  const voids = entries.filter((one) => one.type === 'session.voided').length;
  const renamed = own.map((event) => ({
    ...event,
    id: `${event.id}~${voids}`,
    data: style % 3 === 0 ? { ...event.data, user_id: 'ann' } : event.data,
  }));
  return style % 2 === 0 ? [...own.slice(0, 1), ...renamed] : renamed;
}

const plansOf = (entries: readonly LedgerEntry[]): string[] =>
  entries.flatMap((one) =>
    one.type === 'ledger.opened'
      ? Object.keys(one.plans)
      : one.type === 'plan.defined'
        ? [one.plan]
        : [],
  );

const cardsOf = (entries: readonly LedgerEntry[]): RawCard[] =>
  entries.flatMap((one) =>
    one.type === 'ledger.opened'
      ? one.rate_cards
      : one.type === 'rate_card.published'
        ? [one.card]
        : [],
  );

const usersOf = (entries: readonly LedgerEntry[]): string[] => [
  ...new Set([
    ...USERS,
    ...entries.flatMap((one) => (one.type === 'fact' ? [one.event.data['user_id'] as string] : [])),
  ]),
];

const at = <T>(all: readonly T[], pick: number): T => all[pick % all.length]!;

/** The event that a command records, or null if the rules refuse it or it makes no sense. */
function entryOf(
  one: Step,
  recorded_at: number,
  entries: readonly LedgerEntry[],
  racing: boolean,
): LedgerEntry | null {
  const author = 'finance';
  const cards = cardsOf(entries);
  const rate_card_id = `card-${cards.length}`;
  const opened = entries[0]!;
  const zone = opened.type === 'ledger.opened' ? opened.billing_time_zone : 'UTC';
  const currencies = [...new Set(cards.map((card) => card.currency))];

  const from = (time: number) =>
    writeInstant(
      time === NEXT_MONTH
        ? monthStart(nextMonth(monthOf(recorded_at, zone)), zone)
        : recorded_at + time,
    );

  switch (one.kind) {
    case 'card': {
      const effective_from = from(one.ahead);
      const currency = at(currencies, one.currency);
      const card = { ...one.card, rate_card_id, currency, effective_from };
      return { type: 'rate_card.published', recorded_at, card };
    }

    case 'first_card': {
      // The first exception of docs/reference/rules.md#force-6: the first card of a currency.
      if (currencies.includes(NEW_CURRENCY)) return null;
      const card = {
        ...one.card,
        rate_card_id,
        currency: NEW_CURRENCY,
        effective_from: one.from,
      };
      return { type: 'rate_card.published', recorded_at, card };
    }

    case 'price_unrated': {
      // The second exception: a card that only prices what was unrated.
      const before = derive(entries);
      const unrated = before.waiting.filter((waiting) => waiting.status === 'unrated');
      if (unrated.length === 0) return null;
      const { usage_period, user_id } = at(unrated, one.pick);
      const currency = before.terms.currencyOf(user_id, usage_period);
      const model = cards.findLast((card) => card.currency === currency);
      const oldest = [
        ...before.rows.map((row) => row.billing_period),
        ...before.waiting.map((waiting) => waiting.usage_period),
      ]
        .filter((period) => before.terms.firstOpen(period) === period)
        .sort()[0];
      if (!model || oldest === undefined) return null;
      const entry: LedgerEntry = {
        type: 'rate_card.published',
        recorded_at,
        card: {
          ...model,
          rate_card_id,
          effective_from: writeInstant(monthStart(oldest, zone)),
          prices: {
            default: { amount: one.amount },
            ...model.prices,
          },
        },
      };
      const after = derive([...entries, entry]);
      const money = (rows: typeof before.rows) =>
        new Map(
          rows.map(({ key, log }) => [
            key,
            [log.billed_seconds, log.included_seconds, log.cost].join(),
          ]),
        );
      const now = money(after.rows);
      const isHarmless = [...money(before.rows)].every(([key, was]) => now.get(key) === was);
      return isHarmless ? entry : null;
    }

    case 'define':
      // A plan does not change once it is defined (docs/reference/rules.md#force-8).
      return plansOf(entries).includes(one.name)
        ? null
        : { type: 'plan.defined', recorded_at, plan: one.name, definition: one.definition };

    case 'default':
      return {
        type: 'plan.defaulted',
        recorded_at,
        plan: at(plansOf(entries), one.plan),
        effective_from: from(one.ahead),
      };

    case 'assign': {
      const user_id = at(usersOf(entries), one.user);
      const entry: LedgerEntry = {
        type: 'plan.assigned',
        recorded_at,
        user_id,
        plan: at(plansOf(entries), one.plan),
        currency: one.currency < 2 ? null : at(currencies, one.currency),
        effective_from: from(one.ahead),
      };
      return changesNothingUsed(entry, user_id, entries) ? entry : null;
    }

    case 'adjust': {
      const user_id = at(usersOf(entries), one.user);
      const period = `2026-${String(8 + one.month).padStart(2, '0')}`;
      const { terms } = derive(entries);
      // Neither a closed period is adjusted, nor one that has not begun.
      if (terms.firstOpen(period) !== period || period > monthOf(recorded_at, zone)) return null;
      const count = entries.filter((entry) => entry.type === 'usage.adjusted').length;
      return {
        type: 'usage.adjusted',
        recorded_at,
        adjustment_id: `adjustment-${count}`,
        user_id,
        period,
        amount_cents: one.amount,
        currency: terms.currencyOf(user_id, period),
        reason: 'goodwill',
        author,
        reference: null,
        voids: null,
      };
    }

    case 'void': {
      const told = [...new Map(livesOf(entries).map((life) => [life.session_id, life])).values()];
      // A session without facts since its last void is `already_voided` (docs/reference/rules.md#void-3).
      const live = told.filter((life) => life.facts.length > 0);
      if (live.length === 0) return null;
      const { session_id } = at(live, one.pick);
      const { rows, failures, terms } = derive(entries);
      // The void of a session with a log or a failure in a closed period is refused too.
      const isClosed = [...rows, ...failures].some(
        (counted) =>
          counted.session_id === session_id &&
          terms.closes.some((close) => close.period === counted.billing_period),
      );
      return isClosed
        ? null
        : { type: 'session.voided', recorded_at, session_id, reason: 'wrong', author };
    }

    case 'close': {
      const last = entries.findLastIndex((entry) => entry.type === 'billing_period.closed');
      const size = Math.max(entries.length - one.back, racing ? 1 : last + 1, 1);
      const { terms, waiting } = derive(entries, size);
      const closed = entries.flatMap((entry) =>
        entry.type === 'billing_period.closed' ? [entry.period] : [],
      );
      const over = ['2026-08', '2026-09', '2026-10'].filter(
        (period) =>
          monthStart(nextMonth(period), terms.zone) <= recorded_at && !closed.includes(period),
      );
      if (over.length === 0) return null;
      // Mostly the oldest period, but periods need not be closed in order.
      const period = one.pick < 6 ? over[0]! : over.at(-1)!;
      const isWaiting = waiting.some((attempt) => attempt.usage_period === period);
      if (isWaiting && !one.force) return null;
      return {
        type: 'billing_period.closed',
        recorded_at,
        period,
        from: writeInstant(monthStart(period, terms.zone)),
        to: writeInstant(monthStart(nextMonth(period), terms.zone)),
        size,
      };
    }
  }
}

/**
 * Whether an assignment keeps the currency of every period in which the user has usage, waiting attempts or adjustments
 * (docs/reference/rules.md#force-7).
 */
function changesNothingUsed(
  entry: LedgerEntry,
  user: string,
  entries: readonly LedgerEntry[],
): boolean {
  const before = derive(entries);
  const after = derive([...entries, entry]).terms;
  const used = [
    ...before.rows
      .filter((row) => row.user_id === user)
      .flatMap((row) => [row.billing_period, row.log.usage_period]),
    ...before.waiting.filter((one) => one.user_id === user).map((one) => one.usage_period),
    ...before.adjustments.filter((one) => one.user_id === user).map((one) => one.billing_period),
  ];
  return used.every(
    (period) => before.terms.currencyOf(user, period) === after.currencyOf(user, period),
  );
}
