import { readFileSync } from 'node:fs';

import fc from 'fast-check';

import {
  delivery,
  factHistory,
  ledgerHistory,
  NOW,
  rateCard,
} from '../../../test/generators/histories';
import { BILLING_REASONS } from '../../domain/rating/classify';
import { Rational } from './rational';
import {
  type CloudEvent,
  derive,
  judge,
  type LedgerEntry,
  type RawCard,
  type RawPlan,
  reference,
  type ReferenceBill,
} from './reference';

const SEED = 20261120;

/** The card that ships (docs/reference/rate-card.md#the-card-that-ships). */
const SHIPPED: RawCard = {
  rate_card_id: 'shipped',
  currency: 'TWD',
  effective_from: '1970-01-01T00:00:00Z',
  surcharges: {
    speakers_included: 2,
    per_extra_speaker: '0.10',
    confidence_threshold: '0.8',
    low_confidence: '0.20',
  },
  prices: {
    default: { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 },
    assemblyai: { amount: '0.02', increment_seconds: 60, minimum_seconds: 60 },
  },
};

const opened = (
  card: RawCard = SHIPPED,
  plans: Record<string, RawPlan> = { free: {} },
  billing_time_zone = 'UTC',
): LedgerEntry => ({
  type: 'ledger.opened',
  recorded_at: Date.parse('2026-07-31T00:00:00Z'),
  billing_time_zone,
  rate_cards: [card],
  plans,
});

let made = 0;
/** Makes a fact from a short text: `completed a/2 2026-10-01T10:00:00Z`. */
function fact(text: string, data: Record<string, unknown> = {}): LedgerEntry {
  const [kind, name, time] = text.split(' ') as [string, string, string];
  const [session_id, attempt] = name.split('/') as [string, string];
  const provider = kind === 'retried' ? {} : { stt_provider: 'google' };
  const own = { completed: { duration_seconds: 60 }, failed: { error_code: 'x' } }[kind] ?? {};
  const event: CloudEvent = {
    specversion: '1.0',
    id: `m${made++}`,
    source: 'test',
    type: `transcription.session.${kind}`,
    time,
    data: { session_id, attempt: Number(attempt), user_id: 'u', ...provider, ...own, ...data },
  };
  return { type: 'fact', recorded_at: Date.parse(time), event };
}

const close = (period: string, next: string, size: number): LedgerEntry => ({
  type: 'billing_period.closed',
  recorded_at: NOW,
  period,
  from: `${period}-01T00:00:00.000Z`,
  to: `${next}-01T00:00:00.000Z`,
  size,
});

const brief = (entries: readonly LedgerEntry[]) =>
  reference(entries, NOW).logs.map(
    (log) =>
      `${log.session_id}/${log.attempt} ${log.transcription_type} ${log.billing_reason} ` +
      `${log.billing_period}${log.late ? ' late' : ''} ${log.cost_cents} @${log.position}`,
  );

interface Example {
  name: string;
  card: Omit<RawCard, 'rate_card_id'> | null;
  included_minutes: string | null;
  facts: ({ type: string; time: string } & Record<string, unknown>)[];
  statement: Record<string, unknown>[];
  waiting: Record<string, unknown>[];
  summary: Record<string, unknown>;
}

describe('the worked examples', () => {
  const { examples } = JSON.parse(
    readFileSync(`${__dirname}/../../../test/fixtures/worked-examples.json`, 'utf8'),
  ) as { examples: Example[] };

  it.each(examples.map((example) => [example.name, example] as const))('%s', (_, example) => {
    const card = example.card ? { rate_card_id: 'c', ...example.card } : SHIPPED;
    const events = example.facts.map(({ type, time, ...data }, index): CloudEvent => ({
      specversion: '1.0',
      id: `e${index}`,
      source: 'test',
      type: `transcription.session.${type}`,
      time,
      data: { user_id: 'u', ...data },
    }));
    const start = [opened(card, { free: { included_minutes: example.included_minutes } })];
    const bill = reference([...start, ...judge(events, start).recorded], NOW);
    const keep = (one: object, fields: string[]) =>
      Object.fromEntries(Object.entries(one).filter(([field]) => fields.includes(field)));
    const first = example.statement[0] ?? {};
    expect(bill.logs.map((log) => keep(log, Object.keys(first)))).toEqual(example.statement);
    expect(bill.waiting.map(({ user_id: _user, ...one }) => one)).toEqual(example.waiting);
    expect(bill.summaries.map((one) => keep(one, Object.keys(example.summary)))).toEqual(
      example.statement.length > 0 ? [example.summary] : [],
    );
  });
});

describe('judging', () => {
  const at = '2026-10-01T10:00:00Z';
  const eventOf = (entry: LedgerEntry) => (entry as { event: CloudEvent }).event;
  const codes = (events: CloudEvent[], history: LedgerEntry[] = [opened()]) =>
    judge(events, history).verdicts.map((one) => ('code' in one ? one.code : one.status));

  it('tells a duplicate from a reused id by content alone', () => {
    const one = eventOf(fact(`completed a/1 ${at}`, { duration_seconds: 61 }));
    const same = {
      ...one,
      time: '2026-10-01T12:00:00.0009+02:00',
      data: { ...one.data, duration_seconds: '61.0', channels: 1, stt_provider: 'Google' },
    };
    const other = { ...one, data: { ...one.data, duration_seconds: 62 } };
    const elsewhere = { ...other, data: { ...other.data, session_id: 'b' } };
    expect(codes([one, same, other, elsewhere])).toEqual([
      'recorded',
      'duplicate',
      'event_id_reused',
      'recorded',
    ]);
  });

  it('checks reuse before voids, and the user before a second outcome', () => {
    const first = fact(`completed a/1 ${at}`);
    const history: LedgerEntry[] = [
      opened(),
      first,
      { type: 'session.voided', recorded_at: 0, session_id: 'a', reason: 'r', author: 'f' },
    ];
    const again = eventOf(first);
    const reused = { ...again, data: { ...again.data, duration_seconds: 1 } };
    const truth = eventOf(fact(`completed a/1 ${at}`, { user_id: 'v' }));
    const second = eventOf(fact(`failed a/1 ${at}`, { user_id: 'v' }));
    const third = eventOf(fact(`failed a/1 ${at}`, { user_id: 'u' }));
    expect(codes([again, reused, truth, second, third], history)).toEqual([
      'fact_voided',
      'event_id_reused',
      'recorded',
      'attempt_already_settled',
      'session_user_mismatch',
    ]);
  });
});

describe('closing', () => {
  it('bills what follows `size` late, even what comes before the close event itself', () => {
    const entries = [
      opened(),
      fact('completed a/1 2026-09-10T00:00:00Z'),
      fact('completed b/1 2026-09-11T00:00:00Z'),
      close('2026-09', '2026-10', 2),
      fact('completed c/1 2026-09-01T00:00:00Z'),
      fact('completed d/1 2026-10-01T00:00:00Z'),
    ];
    expect(brief(entries)).toEqual([
      'a/1 original transcription_completed 2026-09 3 @2',
      'd/1 original transcription_completed 2026-10 3 @6',
      'b/1 original transcription_completed 2026-10 late 3 @3',
      'c/1 original transcription_completed 2026-10 late 3 @5',
    ]);
    // As of a position in that gap, it is not late yet (docs/reference/rules.md#asof-3).
    expect(brief(entries.slice(0, 3))).toEqual([
      'a/1 original transcription_completed 2026-09 3 @2',
      'b/1 original transcription_completed 2026-09 3 @3',
    ]);
  });

  it('keeps types in a closed period, and lets a late `started` fill in missing descriptions', () => {
    const entries = [
      opened(),
      fact('completed a/2 2026-09-10T00:00:00Z', { language: 'en' }),
      fact('started a/2 2026-09-09T00:00:00Z'),
      close('2026-09', '2026-10', 3),
      fact('completed a/1 2026-09-08T00:00:00Z'),
      fact('started a/2 2026-09-08T00:00:00Z', { language: 'de', client_id: 'web' }),
    ];
    expect(brief(entries)).toEqual([
      'a/2 retry_failed first_success_after_failure 2026-09 3 @3',
      // One success, one charge (docs/reference/rules.md#close-9).
      'a/1 original retry_after_failure_free 2026-10 late 0 @5',
    ]);
    expect(reference(entries, NOW).logs[0]).toMatchObject({
      language: 'en',
      client_id: 'web',
      started_at: '2026-09-09T00:00:00.000Z',
    });
    // Without the close, the first attempt is billed, and the second was requested again.
    expect(brief(entries.filter((one) => one.type !== 'billing_period.closed'))).toEqual([
      'a/1 original transcription_completed 2026-09 3 @4',
      'a/2 retry_success retranscription 2026-09 3 @3',
    ]);
  });

  it('moves the position of a log that was waiting again when its period was closed', () => {
    const entries = [
      opened(),
      fact('completed a/2 2026-09-10T00:00:10Z'),
      fact('completed a/3 2026-09-10T00:10:00Z'),
      // Requested before attempt 2 existed: a retry after a failure, with attempt 1 open.
      fact('retried a/3 2026-09-10T00:00:00Z'),
      close('2026-09', '2026-10', 4),
      fact('failed a/1 2026-09-10T00:00:00Z'),
    ];
    expect(brief(entries.slice(0, 3))).toEqual(['a/3 retry_success retranscription 2026-09 3 @3']);
    expect(reference(entries.slice(0, 5), NOW)).toMatchObject({
      logs: [],
      waiting: [
        { attempt: 2, status: 'pending' },
        { attempt: 3, status: 'pending' },
      ],
    });
    expect(brief(entries)).toEqual([
      'a/2 retry_failed first_success_after_failure 2026-10 late 3 @6',
      'a/3 retry_failed retry_after_failure_free 2026-10 late 0 @6',
    ]);
    // A late failure counts in the first open period (docs/reference/rules.md#close-8).
    expect(reference(entries, NOW).summaries).toMatchObject([
      { period: '2026-10', failed_attempts: 1, sessions: 1, free_retries: 1 },
    ]);
  });

  it('moves adjustments made after `size`, and keeps those voided after it', () => {
    const adjusted = (adjustment_id: string, amount_cents: number): LedgerEntry => ({
      type: 'usage.adjusted',
      recorded_at: 0,
      adjustment_id,
      user_id: 'u',
      period: '2026-09',
      amount_cents,
      currency: 'TWD',
      reason: 'r',
      author: 'f',
    });
    const entries = [
      opened(),
      fact('completed a/1 2026-09-10T00:00:00Z'),
      adjusted('x', -1),
      adjusted('y', -2),
      {
        type: 'session.voided' as const,
        recorded_at: 0,
        session_id: 'a',
        reason: 'r',
        author: 'f',
      },
      close('2026-09', '2026-10', 3),
    ];
    expect(reference(entries.slice(0, 5), NOW).summaries).toMatchObject([
      { period: '2026-09', transcriptions: 0, adjustments_cents: -3 },
    ]);
    expect(reference(entries, NOW).summaries).toMatchObject([
      { period: '2026-09', transcriptions: 1, adjustments_cents: -1, cost_cents: 2 },
      { period: '2026-10', transcriptions: 0, adjustments_cents: -2, cost_cents: -2 },
    ]);
  });
});

const plans = { free: { included_minutes: '2' } };

/** Facts under a card and a zone. */
const rated = fc.record({
  card: rateCard(),
  zone: fc.constantFrom('UTC', 'Asia/Taipei'),
  history: factHistory(),
});

/** Everything except positions, which depend on the order of arrival. */
const withoutPositions = (bill: ReferenceBill) => ({
  ...bill,
  logs: bill.logs.map(({ position: _, ...log }) => log),
});

function expectLawOfSums(bill: ReferenceBill): void {
  for (const one of bill.summaries) {
    const own = bill.logs.filter(
      (log) =>
        log.user_id === one.user_id &&
        log.billing_period === one.period &&
        log.currency === one.currency,
    );
    expect(own.reduce((cents, log) => cents + log.cost_cents, 0)).toBe(one.usage_cost_cents);
    expect(one.usage_cost_cents + one.adjustments_cents).toBe(one.cost_cents);
  }
}

describe('the reference itself obeys the laws', () => {
  it('law 1, order: any order of delivery gives the same logs and summaries', () => {
    const delivered = rated.chain((one) =>
      fc.record({ one: fc.constant(one), batches: delivery(one.history) }),
    );
    fc.assert(
      fc.property(delivered, ({ one: { card, zone, history }, batches }) => {
        const start = opened(card, plans, zone);
        const direct = judge(history, [start]);
        expect(direct.recorded).toHaveLength(history.length);
        const entries: LedgerEntry[] = [start];
        for (const batch of batches) {
          const { verdicts, recorded } = judge(batch, entries, NOW);
          expect(verdicts.filter((verdict) => verdict.status === 'rejected')).toEqual([]);
          entries.push(...recorded);
        }
        expect(entries).toHaveLength(history.length + 1);
        const bill = reference(entries, NOW);
        expect(withoutPositions(bill)).toEqual(
          withoutPositions(reference([start, ...direct.recorded], NOW)),
        );
        expectLawOfSums(bill);
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('laws 2, 3 and 8: once, sum and closed, over whole ledgers', () => {
    fc.assert(
      fc.property(ledgerHistory({ maxSessions: 5, maxSteps: 8 }), (entries) => {
        const bill = reference(entries, NOW);
        expectLawOfSums(bill);
        const { rows, terms } = derive(entries);
        const keys = rows.map((row) => row.key);
        expect(new Set(keys).size).toBe(keys.length);
        for (const { period, size } of terms.closes) {
          const numbers = (one: ReferenceBill) => [
            one.summaries.filter((summary) => summary.period === period),
            one.logs
              .filter((log) => log.billing_period === period)
              .map(
                ({ client_id: _c, language: _l, original_filename: _o, started_at: _s, ...log }) =>
                  log,
              ),
          ];
          expect(numbers(bill)).toEqual(numbers(reference(entries.slice(0, size), NOW)));
        }
        for (const log of bill.logs) {
          expect(log.late).toBe(log.billing_period > log.usage_period);
          const made = entries[Number(log.position) - 1]!;
          expect([
            'fact',
            'rate_card.published',
            'plan.assigned',
            'billing_period.closed',
          ]).toContain(made.type);
        }
      }),
      { seed: SEED, numRuns: 40 },
    );
  });
});

describe('the generators', () => {
  it('make cases that exercise the rules', () => {
    const seen = new Map<string, number>();
    const count = (name: string, happened: boolean) =>
      seen.set(name, (seen.get(name) ?? 0) + Number(happened));
    for (const { card, zone, history } of fc.sample(rated, { seed: SEED, numRuns: 150 })) {
      const start = opened(card, plans, zone);
      const { logs, waiting, summaries } = reference(
        [start, ...judge(history, [start]).recorded],
        NOW,
      );
      const entryOf = (provider: string) =>
        card.prices[Object.hasOwn(card.prices, provider) ? provider : 'default'];
      count(
        'pending',
        waiting.some((one) => one.status === 'pending'),
      );
      count(
        'unrated',
        waiting.some((one) => one.status === 'unrated'),
      );
      for (const reason of BILLING_REASONS) {
        count(
          reason,
          logs.some((log) => log.billing_reason === reason),
        );
      }
      count(
        'retry_success',
        logs.some((log) => log.transcription_type === 'retry_success'),
      );
      const isCharged = (log: (typeof logs)[number]) => log.cost !== '0';
      count(
        'volume tiers',
        logs.some(
          (log) =>
            isCharged(log) &&
            entryOf(log.stt_provider)?.tier_mode === 'volume' &&
            entryOf(log.stt_provider)!.tiers!.length > 1,
        ),
      );
      count(
        'a tier bound is passed within a period',
        summaries.some((summary) =>
          summary.by_provider.some((one) => {
            const bound = entryOf(one.stt_provider)?.tiers?.[0]?.up_to_minutes;
            return (
              bound != null &&
              Rational.parse(one.billable_minutes).compare(Rational.parse(bound)) > 0
            );
          }),
        ),
      );
      count(
        'partly included',
        logs.some((log) => log.included_seconds !== '0' && isCharged(log)),
      );
      count(
        'a failure counts',
        summaries.some((one) => one.failed_attempts > 0),
      );
      count('two periods', new Set(logs.map((log) => log.billing_period)).size > 1);
      count('same instant', new Set(logs.map((log) => log.completed_at)).size < logs.length);
    }
    const rare = [...seen].filter(([, times]) => times < 5);
    expect(rare).toEqual([]);
  });

  it('make ledgers in which everything happens', () => {
    const seen = new Map<string, number>();
    const count = (name: string, happened: boolean) =>
      seen.set(name, (seen.get(name) ?? 0) + Number(happened));
    for (const entries of fc.sample(ledgerHistory(), { seed: SEED, numRuns: 150 })) {
      for (const type of [
        'rate_card.published',
        'plan.defined',
        'plan.defaulted',
        'plan.assigned',
        'usage.adjusted',
        'session.voided',
        'billing_period.closed',
      ] as const) {
        count(
          type,
          entries.some((entry) => entry.type === type),
        );
      }
      const { logs, summaries } = reference(entries, NOW);
      const { terms, rows } = derive(entries);
      const isClosed = (period: string) => terms.closes.some((one) => one.period === period);
      count(
        'late',
        logs.some((log) => log.late),
      );
      count(
        'late and closed',
        logs.some((log) => log.late && isClosed(log.billing_period)),
      );
      count('two closes', terms.closes.length > 1);
      count(
        'behind `size`',
        entries.some((entry, at) => entry.type === 'billing_period.closed' && entry.size < at),
      );
      count(
        'a second life',
        rows.some((row) => row.life > 0),
      );
      count(
        'another currency',
        summaries.some((one) => one.currency !== 'TWD'),
      );
      count(
        'made by a card',
        logs.some((log) => entries[Number(log.position) - 1]!.type === 'rate_card.published'),
      );
      count(
        'two currencies in a period',
        summaries.some((one) =>
          summaries.some(
            (other) =>
              one.user_id === other.user_id &&
              one.period === other.period &&
              one.currency !== other.currency &&
              one.transcriptions * other.transcriptions > 0,
          ),
        ),
      );
      count(
        'paid already',
        logs.some(
          (log) =>
            log.transcription_type === 'original' &&
            log.billing_reason === 'retry_after_failure_free',
        ),
      );
    }
    const rare = [...seen].filter(([, times]) => times < 1);
    expect(rare).toEqual([]);
  });
});
