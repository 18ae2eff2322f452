import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import fc from 'fast-check';

import { addUp } from './add-up';
import { KINDS, type Kind } from './asked';
import { matchLines } from './match';
import type { VendorLine } from './vendor-line';
import { WorkFile, type ComparedLog, type ItemRow } from './work-file';

const SECOND = 1_000_000_000;
/** Set RUNS=5000 for a longer search. */
const RUNS = Number(process.env['RUNS'] ?? 150);
const DAY_MS = 86_400_000;
const BEGIN = Date.parse('2026-10-01T00:00:00Z');
const dayOf = (instant: number) => new Date(instant).toISOString().slice(0, 10);

/** A request that was made, as the vendor and the ledger know it, and what goes wrong with it on the way. */
interface Happened {
  readonly id: string;
  readonly session: string;
  readonly at: number;
  readonly seconds: number;
  /** What the two can be matched by. */
  readonly by: 'id' | 'session' | 'day_and_duration';
  readonly fate: 'kept' | 'lost' | 'unseen' | 'lengthened' | 'renamed' | 'doubled';
}

/**
 * Durations and days differ by minutes while the tolerance is a second, so nothing without ids can be mistaken for
 * another.
 */
const history: fc.Arbitrary<Happened[]> = fc
  .array(
    fc.record({
      by: fc.constantFrom('id' as const, 'session' as const, 'day_and_duration' as const),
      fate: fc.constantFrom(
        'kept' as const,
        'kept' as const,
        'lost' as const,
        'unseen' as const,
        'lengthened' as const,
        'renamed' as const,
        'doubled' as const,
      ),
      day: fc.integer({ min: 0, max: 27 }),
    }),
    { maxLength: 120 },
  )
  .map((all) =>
    all.map(({ by, fate, day }, index) => ({
      id: `r-${index}`,
      session: `s-${index}`,
      at: BEGIN + day * DAY_MS + index * 1_000,
      seconds: 60 * (index + 1),
      by,
      fate,
    })),
  );

/** Returns the log of a request, unless the ledger never saw it. */
function logOf({ id, session, at, seconds, by, fate }: Happened): ComparedLog[] {
  if (fate === 'lost') return [];
  const day = dayOf(at);
  return [
    {
      id: `${session}~1`,
      session_id: session,
      attempt: 1,
      user_id: 'ann',
      request_id: by === 'id' ? id : null,
      day,
      end_day: day,
      completed_at: at,
      ns: seconds * SECOND,
      cost: '1',
      cost_cents: 100,
      currency: 'USD',
    },
  ];
}

/** Returns the vendor's lines for a request; none if the vendor never saw it. */
function linesOf({ id, session, at, seconds, by, fate }: Happened): VendorLine[] {
  if (fate === 'unseen') return [];
  const isRenamed = fate === 'renamed';
  // A request without a name is matched by its duration, so renaming it means changing its duration.
  const lengthened = fate === 'lengthened' || (isRenamed && by === 'day_and_duration') ? 20 : 0;
  const line = {
    request_id: by === 'id' ? id + (isRenamed ? '-other' : '') : null,
    session_id: by === 'session' ? session + (isRenamed ? '-other' : '') : null,
    started_at: at,
    ns: (seconds + lengthened) * SECOND,
    cost: '0.25',
    currency: 'USD',
  };
  return fate === 'doubled' ? [line, line] : [line];
}

/** Returns the kinds that the reconciliation must find for a request. */
function foundOf({ by, fate }: Happened): Kind[] {
  switch (fate) {
    case 'kept':
      return ['matched'];
    case 'lost':
      return ['only_vendor'];
    case 'unseen':
      return ['only_ledger'];
    case 'doubled':
      return ['matched', 'repeated'];
    case 'renamed':
      return ['only_vendor', 'only_ledger'];
    case 'lengthened':
      return by === 'day_and_duration' ? ['only_vendor', 'only_ledger'] : ['duration_differs'];
  }
}

describe('matching', () => {
  let folder: string;
  let number = 0;
  beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'minutebook-match-'))));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function matched(lines: readonly VendorLine[], logs: readonly ComparedLog[], tolerance = SECOND) {
    number += 1;
    const file = WorkFile.make(join(folder, `${number}.db`));
    try {
      file.addLines(lines);
      file.addLogs(logs);
      file.place(dayOf, 'USD');
      for (const _ of matchLines(file, tolerance));
      return { items: file.items(undefined, 0, 1_000_000), result: addUp(file) };
    } finally {
      file.close();
    }
  }
  const line = (more: Partial<VendorLine>): VendorLine => ({
    request_id: null,
    session_id: null,
    started_at: BEGIN,
    ns: 60 * SECOND,
    cost: null,
    currency: null,
    ...more,
  });
  const log = (more: Partial<ComparedLog>): ComparedLog => ({
    id: `${more.session_id ?? 's'}~${more.attempt ?? 1}`,
    session_id: 's',
    attempt: 1,
    user_id: 'ann',
    request_id: null,
    day: dayOf(BEGIN),
    end_day: dayOf(BEGIN),
    completed_at: BEGIN,
    ns: 60 * SECOND,
    cost: '1',
    cost_cents: 100,
    currency: 'USD',
    ...more,
  });
  const kinds = (items: readonly ItemRow[]) => items.map(({ kind }) => kind);

  it('finds each line that was lost, doubled, lengthened or renamed, and invents none', () => {
    fc.assert(
      fc.property(history, fc.integer(), (all, seed) => {
        const lines = shuffled(all.flatMap(linesOf), seed);
        const { items, result } = matched(lines, all.flatMap(logOf));
        const expected = all.flatMap(foundOf).sort();
        expect(kinds(items).sort()).toEqual(expected);
        for (const kind of KINDS) {
          expect(result[kind].count).toBe(expected.filter((one) => one === kind).length);
        }
        // Check each by name, not only the count.
        for (const one of all.filter(({ by }) => by !== 'day_and_duration')) {
          const of = items.filter(
            ({ request_id, session_id, log_id }) =>
              [one.id, `${one.id}-other`].includes(request_id ?? '') ||
              [one.session, `${one.session}-other`].includes(session_id ?? '') ||
              log_id === `${one.session}~1`,
          );
          expect(kinds(of).sort()).toEqual(foundOf(one).sort());
        }
        const logIds = items.flatMap(({ log_id }) => log_id ?? []);
        expect(new Set(logIds).size).toBe(logIds.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('by day and duration alone finds as many pairs as both sides have, and uses none twice', () => {
    // Many lines with few durations on few days, such as calls that are counted by the minute.
    const some = fc.array(
      fc.record({
        day: fc.integer({ min: 0, max: 2 }),
        minutes: fc.integer({ min: 1, max: 3 }),
      }),
      { maxLength: 80 },
    );
    const keyOf = (day: string | null, ns: number | null) => `${day} ${ns}`;
    const counted = (keys: readonly string[]) => {
      const counts = new Map<string, number>();
      for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
      return counts;
    };
    fc.assert(
      fc.property(some, some, fc.constantFrom(0, SECOND, 20 * SECOND), (told, known, tolerance) => {
        const lines = told.map(({ day, minutes }, index) =>
          line({ started_at: BEGIN + day * DAY_MS + index, ns: 60 * minutes * SECOND }),
        );
        const logs = known.map(({ day, minutes }, index) =>
          log({
            session_id: `s-${index}`,
            day: dayOf(BEGIN + day * DAY_MS),
            end_day: dayOf(BEGIN + day * DAY_MS),
            ns: 60 * minutes * SECOND,
          }),
        );
        const { items } = matched(lines, logs, tolerance);
        const there = counted(lines.map(({ started_at, ns }) => keyOf(dayOf(started_at!), ns)));
        const here = counted(logs.map(({ day, ns }) => keyOf(day, ns)));
        const found = counted(
          items
            .filter(({ kind }) => kind === 'matched')
            .map((one) => keyOf(one.day, one.ledger_ns)),
        );
        for (const key of new Set([...there.keys(), ...here.keys()])) {
          expect(found.get(key) ?? 0).toBe(Math.min(there.get(key) ?? 0, here.get(key) ?? 0));
        }
        const ids = items.flatMap(({ log_id }) => log_id ?? []);
        expect(ids).toHaveLength(logs.length);
        expect(new Set(ids).size).toBe(logs.length);
        expect(items.filter(({ vendor_ns }) => vendor_ns !== null)).toHaveLength(lines.length);
      }),
      { numRuns: RUNS },
    );
  });

  it.each([
    ['equally long on one day', (n: number) => ({ started_at: BEGIN + n }), () => ({})],
    ['with one request id', () => ({ request_id: 'r' }), () => ({ request_id: 'r' })],
    ['at one instant', (n: number) => ({ session_id: `x-${n}` }), () => ({})],
    [
      'of one session without times',
      (n: number) => ({ session_id: 's-1', started_at: null, ns: n * SECOND }),
      () => ({}),
    ],
  ] as const)(
    'takes at most a few times as long for ten times the lines: %s',
    (_, ofLine, ofLog) => {
      const secondsOf = (count: number) => {
        const numbers = Array.from({ length: count }, (_, index) => index);
        const lines = numbers.map((n) => line(ofLine(n)));
        const logs = numbers.map((n) => log({ session_id: `s-${n}`, ...ofLog() }));
        const began = process.cpuUsage();
        matched(lines, logs);
        const { user, system } = process.cpuUsage(began);
        return (user + system) / 1e6;
      };
      secondsOf(100);
      // With ten times the lines, it would take a hundred times as long if each log were searched for among all logs.
      expect(secondsOf(20_000)).toBeLessThan(30 * Math.max(secondsOf(2_000), 0.05));
    },
  );

  it('takes equal lines without an id as repeated only if no log is left for them', () => {
    const day = (lines: number, logs: number) =>
      kinds(
        matched(
          Array.from({ length: lines }, () => line({})),
          Array.from({ length: logs }, (_, n) => log({ session_id: `s-${n}` })),
        ).items,
      );
    expect(day(2, 2)).toEqual(['matched', 'matched']);
    expect(day(3, 2)).toEqual(['matched', 'matched', 'repeated']);
    // A line that differs comes first, though it is listed last.
    const { items } = matched(
      [line({}), line({}), line({ started_at: BEGIN + 1 })],
      [log({ session_id: 's-1' }), log({ session_id: 's-2' })],
    );
    expect(kinds(items)).toEqual(['matched', 'repeated', 'matched']);
    // A repetition is never taken for another attempt of its session with a different duration.
    const inSession = matched(
      [line({ session_id: 's' }), line({ session_id: 's' })],
      [log({}), log({ attempt: 2, ns: 90 * SECOND })],
    );
    expect(kinds(inSession.items).sort()).toEqual(['matched', 'only_ledger', 'repeated']);
  });

  it('takes two requests of a session at different times as two, though they are equally long', () => {
    const twice = [line({ session_id: 's' }), line({ session_id: 's', started_at: BEGIN + 1 })];
    // A vendor may bill a failed attempt, of which the ledger has no log.
    expect(kinds(matched(twice, [log({})]).items)).toEqual(['matched', 'only_vendor']);
    const longer = matched(twice, [log({}), log({ attempt: 2, ns: 90 * SECOND })]);
    expect(kinds(longer.items)).toEqual(['matched', 'duration_differs']);
    const timeless = [1, 2].map(() => line({ session_id: 's', started_at: null }));
    expect(kinds(matched(timeless, [log({})]).items)).toEqual(['matched', 'repeated']);
  });

  it('adds up both sides exactly, and the margin by day', () => {
    const { result } = matched(
      [
        line({ request_id: 'a', ns: 100_000_001, cost: '0.1', currency: 'USD' }),
        line({ request_id: 'b', ns: 200_000_002, cost: '0.2', currency: 'USD', started_at: null }),
      ],
      [
        log({ request_id: 'a', ns: 100_000_001, cost: '0.3', id: 'a~1' }),
        log({ request_id: 'b', ns: 200_000_002, cost: '0.4', id: 'b~1', currency: 'TWD' }),
      ],
    );
    expect(result).toMatchObject({
      matched: { count: 2, seconds: '0.300000003', cost: '0.3' },
      only_vendor: { count: 0, seconds: '0', cost: null },
      matched_by: { id: 2, session: 0, day_and_duration: 0 },
      vendor_seconds: '0.300000003',
      vendor_cost: [{ currency: 'USD', cost: '0.3' }],
      billed_cost: [
        { currency: 'TWD', cost: '0.4' },
        { currency: 'USD', cost: '0.3' },
      ],
      margin: [
        { currency: 'TWD', cost: '0.4' },
        { currency: 'USD', cost: '0' },
      ],
    });
    expect(result.by_day).toHaveLength(1);
  });

  it('takes each log once, the one that fits best first', () => {
    const { items } = matched(
      [line({ session_id: 's', ns: 45 * SECOND }), line({ session_id: 's', ns: 31 * SECOND })],
      [log({ ns: 31 * SECOND }), log({ attempt: 2, ns: 61 * SECOND })],
    );
    expect(items.map(({ kind, ledger_ns }) => [kind, ledger_ns])).toEqual([
      ['duration_differs', 61 * SECOND],
      ['matched', 31 * SECOND],
    ]);
  });

  it('matches as many as possible by day and duration within the tolerance', () => {
    const { items } = matched(
      [line({ ns: 61 * SECOND }), line({ ns: 60 * SECOND, started_at: BEGIN + 1 })],
      [
        log({ session_id: 'a', ns: 60.5 * SECOND, id: 'a~1' }),
        log({ session_id: 'b', ns: 61.5 * SECOND, id: 'b~1' }),
      ],
    );
    expect(kinds(items)).toEqual(['matched', 'matched']);
    expect(items.every(({ matched_by }) => matched_by === 'day_and_duration')).toBe(true);
  });

  it('never matches a line by its session or duration to a log with another request id', () => {
    const { items } = matched(
      [line({ request_id: 'a', session_id: 's' })],
      [log({ request_id: 'b' })],
    );
    expect(kinds(items)).toEqual(['only_vendor', 'only_ledger']);
  });

  it('falls back to session, or day and duration, if the ledger keeps no request ids at all', () => {
    const { items } = matched(
      [
        line({ request_id: 'a', session_id: 's' }),
        line({ request_id: 'b', ns: 7 * SECOND }),
        line({ request_id: 'c', ns: 8 * SECOND }),
      ],
      [log({}), log({ session_id: 't', ns: 7 * SECOND, id: 't~1' })],
    );
    expect(items.map(({ kind, matched_by }) => [kind, matched_by])).toEqual([
      ['matched', 'session'],
      ['matched', 'day_and_duration'],
      ['only_vendor', null],
    ]);
  });

  it('finds a request that ended after midnight by the day on which it began', () => {
    const { items } = matched(
      [line({ started_at: BEGIN + DAY_MS - 1 })],
      [log({ day: dayOf(BEGIN), end_day: dayOf(BEGIN + DAY_MS) })],
    );
    expect(kinds(items)).toEqual(['matched']);
  });

  it('compares no durations if the vendor has none', () => {
    const { items } = matched([line({ request_id: 'a', ns: null })], [log({ request_id: 'a' })]);
    expect(kinds(items)).toEqual(['matched']);
  });

  it('pauses after each page, and has matched nothing if it is stopped', () => {
    const file = WorkFile.make(join(folder, 'stopped.db'));
    try {
      file.addLines(Array.from({ length: 5_000 }, (_, at) => line({ started_at: BEGIN + at })));
      file.addLogs([log({})]);
      file.place(dayOf, 'USD');
      let pauses = 0;
      for (const _ of matchLines(file, SECOND)) {
        pauses += 1;
        if (pauses === 20) break;
      }
      expect(pauses).toBe(20);
      expect(
        file.db.prepare('SELECT count(*) FROM lines WHERE log IS NOT NULL').pluck().get(),
      ).toBe(0);
      for (const _ of matchLines(file, SECOND));
      expect(addUp(file)).toMatchObject({ matched: { count: 1 }, only_vendor: { count: 4_999 } });
    } finally {
      file.close();
    }
  });
});

function shuffled<T>(all: readonly T[], seed: number): T[] {
  const keyed = all.map((one, index) => [Math.sin(seed + index * 7.77), one] as const);
  return keyed.sort(([a], [b]) => a - b).map(([, one]) => one);
}
