import fc from 'fast-check';

import type { CloudEvent } from '../../src/checker/derivation/ledger';
import { readInstant } from '../../src/checker/derivation/months';

/** A time after everything that is generated. */
export const NOW = Date.parse('2026-11-20T00:00:00.000Z');
export const FIRST = Date.parse('2026-08-01T00:00:00.000Z');
export const LAST = Date.parse('2026-10-31T23:59:59.999Z');

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const within = (instant: number): number => Math.min(Math.max(instant, FIRST), LAST);

/** Names whose order by code point differs from dictionary order and numeric order. */
const SESSIONS = ['a', 'B', 'a.1', 'a-1', 's-10', 's-2', '_x', 'Z:9', 'e'];
export const USERS = ['ann', 'Bob', 'c@example'];
/** `constructor` is a valid provider: a card must not price it because objects inherit that name. */
export const PROVIDERS = ['google', 'assemblyai', 'Deepgram', 'WHISPER-x', 'constructor'];

/** The ends of months in UTC, in Asia/Taipei and in America/New_York, and a few shared instants. */
const MARKS = [
  '2026-08-31T16:00:00.000Z',
  '2026-09-01T00:00:00.000Z',
  '2026-09-01T04:00:00.000Z',
  '2026-09-30T16:00:00.000Z',
  '2026-10-01T00:00:00.000Z',
  '2026-10-01T04:00:00.000Z',
  '2026-10-31T16:00:00.000Z',
  '2026-10-10T10:00:00.000Z',
  '2026-10-10T10:00:00.001Z',
].map((text) => Date.parse(text));

const instant: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...MARKS) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constantFrom(...MARKS),
        fc.constantFrom(-HOUR, -6 * SECOND, -5 * SECOND, -SECOND, -1, 1, SECOND, MINUTE, HOUR),
      )
      .map(([mark, offset]) => within(mark + offset)),
  },
  { weight: 2, arbitrary: fc.integer({ min: FIRST, max: LAST }) },
);

/** A number if JavaScript prints it in a valid form (1e-7 is not), otherwise the decimal text. */
const decimal = (text: string, asNumber: boolean): string | number =>
  asNumber && String(Number(text)) === text ? Number(text) : text;

const duration: fc.Arbitrary<string | number> = fc
  .tuple(
    fc.oneof(
      {
        weight: 3,
        arbitrary: fc.constantFrom(
          '0',
          '0.000000001',
          '0.04',
          '1.5',
          '14.999999999',
          '15',
          '30',
          '59.999999999',
          '60',
          '60.000000001',
          '61',
          '120',
          '300',
        ),
      },
      { weight: 2, arbitrary: fc.integer({ min: 0, max: 900 }).map(String) },
      {
        weight: 2,
        arbitrary: fc
          .tuple(fc.nat(400), fc.integer({ min: 1, max: 9 }), fc.nat(999_999_999))
          .map(([whole, places, digits]) => {
            const fraction = String(digits).padStart(9, '0').slice(0, places);
            return `${whole}.${fraction}`;
          }),
      },
      { weight: 1, arbitrary: fc.constantFrom('0', '0.0', '3600', '36000') },
    ),
    fc.boolean(),
  )
  .map(([text, asNumber]) => decimal(text, asNumber));

/** Null means that a field is sent as null, undefined that it is left out. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | null | undefined> =>
  fc.oneof(
    { weight: 3, arbitrary },
    { weight: 3, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constant(null) },
  );

const provider = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom('google', 'assemblyai') },
  { weight: 2, arbitrary: fc.constantFrom(...PROVIDERS) },
);

const metadata = fc.constantFrom<Record<string, unknown>>(
  {},
  { model: 'nova-2', tier: null },
  { b: [1, { y: 1.5, x: 'z' }], a: true },
);

const described = {
  client_id: maybe(fc.constantFrom('web', 'ios', 'cli:2')),
  provider_metadata: maybe(metadata),
};

const startedData = fc.record({
  ...described,
  stt_provider: provider,
  language: maybe(fc.constantFrom('en', 'zh-TW', 'de')),
  enable_diarization: maybe(fc.boolean()),
  original_filename: maybe(fc.constantFrom('talk.wav', 'Besprechung 1.m4a')),
  file_size_bytes: maybe(fc.constantFrom(0, 1_048_576, Number.MAX_SAFE_INTEGER)),
});

const completedData = fc.record({
  ...described,
  stt_provider: provider,
  duration_seconds: duration,
  channels: maybe(fc.constantFrom(1, 2, 3, 4)),
  speaker_count: maybe(fc.constantFrom(0, 1, 2, 3, 5)),
  confidence_score: maybe(fc.constantFrom(0, 0.5, 0.79, 0.7999999999999999, 0.8, 0.80001, 1, 1e-9)),
  word_count: maybe(fc.nat(5_000)),
  character_count: maybe(fc.nat(5_000)),
  processing_time_seconds: maybe(fc.constantFrom<string | number>(0, 1.25, '3.000000001', 61)),
  language: maybe(fc.constantFrom('en', 'fr')),
  original_filename: maybe(fc.constantFrom('final.wav')),
});

const failedData = fc.record({
  ...described,
  stt_provider: provider,
  error_code: fc.constantFrom('timeout', 'bad_audio'),
  error_message: maybe(fc.constantFrom('line one\n\tline two', 'gone')),
});

const retriedData = fc.record({
  ...described,
  stt_provider: maybe(provider),
  requested_by: maybe(fc.constantFrom('ann', 'system')),
  reason: maybe(fc.constantFrom('bad result', 'timeout')),
});

type Body = Record<string, unknown>;

interface AttemptShape {
  outcome: { kind: 'completed' | 'failed'; data: Body } | null;
  started: { data: Body; offset: number }[];
  retried: { data: Body; offset: number }[];
  /** From the end of the previous attempt to the request for this one, in milliseconds. */
  gap: number;
  /** From the request to the outcome, in milliseconds. */
  run: number;
}

/**
 * From the end of an attempt to the request for the next, in milliseconds. Many lie around the limit of five seconds
 * (docs/reference/rules.md#attempt-4).
 */
const gap = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.constantFrom(-5_001, -5_000, -4_999, -1, 0, 1, 4_999, 5_000, 5_001),
  },
  { weight: 2, arbitrary: fc.constantFrom(-10 * MINUTE, MINUTE, HOUR, DAY) },
  { weight: 1, arbitrary: fc.integer({ min: -12 * DAY, max: 25 * DAY }) },
);

/**
 * The events that start or request an attempt. Often there are none. An attempt without outcome is then a gap in the
 * numbers, but open all the same, and keeps later attempts pending.
 */
const asked = (data: fc.Arbitrary<Body>, most: number) =>
  fc.oneof(
    { weight: 2, arbitrary: fc.constant<{ data: Body; offset: number }[]>([]) },
    {
      weight: 3,
      arbitrary: fc.array(
        fc.record({ data, offset: fc.constantFrom(0, 0, -1, 1, SECOND, 7 * SECOND) }),
        { minLength: 1, maxLength: most },
      ),
    },
  );

const attemptShape: fc.Arbitrary<AttemptShape> = fc.record({
  outcome: fc.oneof(
    {
      weight: 7,
      arbitrary: completedData.map((data) => ({ kind: 'completed' as const, data })),
    },
    {
      weight: 3,
      arbitrary: failedData.map((data) => ({ kind: 'failed' as const, data })),
    },
    { weight: 2, arbitrary: fc.constant(null) },
  ),
  started: asked(startedData, 2),
  retried: asked(retriedData, 2),
  gap,
  run: fc.constantFrom(0, 1, 4 * SECOND, 2 * MINUTE, 3 * HOUR),
});

/** An instant in one of the forms that RFC 3339 allows. */
export function writeTime(at: number, style: number): string {
  const utc = new Date(at).toISOString();
  const local = (hours: number) => new Date(at + hours * HOUR).toISOString().slice(0, -1);
  // Digits beyond the third are truncated, never rounded.
  return [
    utc,
    `${local(8)}+08:00`,
    `${utc.slice(0, -1)}999Z`,
    `${local(-5)}-05:00`,
    utc.endsWith('.000Z') ? utc.replace('.000Z', 'Z') : utc,
  ][style % 5]!;
}

export interface FactOptions {
  users?: readonly string[];
  maxSessions?: number;
  maxAttempts?: number;
}

/**
 * Facts that do not contradict one another, in no significant order: one outcome per attempt, one user per session, one
 * content per id (docs/reference/laws.md#law-1). But the same `source` and `id` may occur in several sessions, and the
 * same `id` from two sources in one session.
 */
export function factHistory(options: FactOptions = {}): fc.Arbitrary<CloudEvent[]> {
  const { users = USERS, maxSessions = 6, maxAttempts = 4 } = options;
  return fc
    .tuple(
      fc.shuffledSubarray(SESSIONS, { minLength: 1, maxLength: Math.min(maxSessions, 9) }),
      fc.array(
        fc.record({
          user: fc.constantFrom(...users),
          begin: instant,
          attempts: fc.array(attemptShape, { minLength: 1, maxLength: maxAttempts }),
          style: fc.nat(1_000_000),
        }),
        { minLength: 9, maxLength: 9 },
      ),
    )
    .map(([sessions, shapes]) =>
      sessions.flatMap((session_id, at) => {
        const { user, begin, attempts, style } = shapes[at]!;
        return factsOfSession(session_id, user, begin, attempts, style);
      }),
    );
}

function factsOfSession(
  session_id: string,
  user_id: string,
  begin: number,
  attempts: readonly AttemptShape[],
  style: number,
): CloudEvent[] {
  const events: CloudEvent[] = [];
  const tell = (kind: string, attempt: number, at: number, body: Body) => {
    const number = events.length;
    const look = style + number * 7;
    const data: Body = { session_id, user_id };
    // `attempt` is 1 by default.
    if (attempt > 1 || look % 2) data['attempt'] = attempt;
    for (const [field, value] of Object.entries(body)) {
      if (value !== undefined) data[field] = value;
    }
    events.push({
      specversion: '1.0',
      id: `f${Math.floor(number / 2)}`,
      source: number % 2 ? 'worker/a' : 'worker/b',
      type: `transcription.session.${kind}`,
      time: writeTime(within(at), look),
      ...(look % 3 === 0 ? { subject: session_id } : {}),
      ...(look % 5 === 0 ? { traceparent: '00-0af7651916cd43dd8448eb211c80319c-01' } : {}),
      data,
    });
  };
  let ended = begin;
  attempts.forEach((shape, index) => {
    const attempt = index + 1;
    const from = attempt === 1 ? begin : ended + shape.gap;
    for (const one of shape.started) tell('started', attempt, from + one.offset, one.data);
    if (attempt > 1) {
      for (const one of shape.retried) tell('retried', attempt, from + one.offset, one.data);
    }
    ended = from + shape.run;
    if (shape.outcome) tell(shape.outcome.kind, attempt, ended, shape.outcome.data);
  });
  return events;
}

/** The same content in another form: key order, defaults, nulls, the text of numbers and times. */
export function restate(event: CloudEvent, style: number): CloudEvent {
  const at = readInstant(event.time);
  const entries = Object.entries(event.data).filter(
    ([field, value]) => value !== null && !(field === 'attempt' && value === 1 && style % 2),
  );
  if (style % 3 === 0) entries.reverse();
  const data: Body = Object.fromEntries(entries);
  if (style % 2 === 0 && data['attempt'] === undefined) data['attempt'] = 1;
  const seconds = data['duration_seconds'];
  if (style % 5 < 2 && typeof seconds === 'string') {
    if (!seconds.includes('.')) data['duration_seconds'] = `${seconds}.00`;
  } else if (typeof seconds === 'number') data['duration_seconds'] = String(seconds);
  if (typeof data['stt_provider'] === 'string' && style % 7 < 3) {
    data['stt_provider'] = data['stt_provider'].toUpperCase();
  }
  return { ...event, time: writeTime(at, style), tracestate: `vendor=${style}`, data };
}

/**
 * A delivery (docs/reference/rules.md#fact-1): every event at least once, some repeated, some of those restated, cut
 * into non-empty batches.
 */
export function delivery(history: readonly CloudEvent[]): fc.Arbitrary<CloudEvent[][]> {
  if (history.length === 0) return fc.constant([]);
  const again = fc.record({ event: fc.nat(history.length - 1), style: fc.nat(1_000) });
  return fc
    .array(again, { maxLength: Math.max(2, Math.floor(history.length / 3)) })
    .map((repeats) => [
      ...history,
      ...repeats.map(({ event, style }) =>
        style % 4 === 0 ? history[event]! : restate(history[event]!, style),
      ),
    ])
    .chain((all) =>
      fc.tuple(
        fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 8 }), { minLength: all.length, maxLength: all.length }),
      ),
    )
    .map(([order, lengths]) => {
      const batches: CloudEvent[][] = [];
      for (let at = 0; at < order.length;) {
        const length = lengths[batches.length]!;
        batches.push(order.slice(at, at + length));
        at += length;
      }
      return batches;
    });
}
