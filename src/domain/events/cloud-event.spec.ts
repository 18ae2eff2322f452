import { readCloudEvent } from './cloud-event';
import type { Json } from './facts';
import { contentDigest, personalDigest, readFact, writeFact } from './stored';

const NOW = Date.parse('2026-10-31T12:00:00Z');

function event(data: { [key: string]: Json } = {}, attributes: { [key: string]: Json } = {}): Json {
  return {
    specversion: '1.0',
    id: 'e1',
    source: 'worker',
    type: 'transcription.session.completed',
    time: '2026-10-01T12:00:00.1239+02:00',
    data: {
      session_id: 's',
      user_id: 'u',
      stt_provider: 'Google',
      duration_seconds: 61.5,
      ...data,
    },
    ...attributes,
  };
}

function codeOf(value: Json): string | undefined {
  const reading = readCloudEvent(value, NOW);
  return 'refusal' in reading
    ? `${reading.refusal.code} ${reading.refusal.pointer ?? ''}`.trim()
    : undefined;
}

function factOf(value: Json) {
  const reading = readCloudEvent(value, NOW);
  if ('refusal' in reading) throw new Error(reading.refusal.detail);
  return reading.fact;
}

describe('reading a CloudEvent as a fact', () => {
  it('normalises: fills in defaults, lower-cases the provider, keeps seconds as text, cuts the instant to the millisecond', () => {
    const fact = factOf(event({ duration_seconds: '90.50' }));
    expect(fact.data).toEqual({
      session_id: 's',
      user_id: 'u',
      stt_provider: 'google',
      duration_seconds: '90.5',
      attempt: 1,
      channels: 1,
    });
    expect(new Date(fact.time).toISOString()).toBe('2026-10-01T10:00:00.123Z');
  });

  it.each<[string, Json, string]>([
    ['a list instead of an object', [], 'invalid_event'],
    [
      'another specversion',
      event({}, { specversion: '0.3' }),
      'unsupported_specversion /specversion',
    ],
    ['no id', event({}, { id: null }), 'missing_attribute /id'],
    ['an empty source', event({}, { source: '' }), 'invalid_attribute /source'],
    [
      'control characters in a content type',
      event({}, { datacontenttype: 'application/json;\u0000' }),
      'invalid_attribute /datacontenttype',
    ],
    [
      'an endless content type',
      event({}, { datacontenttype: `application/json;${'x'.repeat(1_024)}` }),
      'invalid_attribute /datacontenttype',
    ],
    ['an unknown type', event({}, { type: 'x' }), 'unknown_type /type'],
    [
      'a time without an offset',
      event({}, { time: '2026-10-01T12:00:00' }),
      'invalid_attribute /time',
    ],
    [
      'a time in a leap second',
      event({}, { time: '2016-12-31T23:59:60Z' }),
      'invalid_attribute /time',
    ],
    [
      'a day that does not exist',
      event({}, { time: '2026-02-29T00:00:00Z' }),
      'invalid_attribute /time',
    ],
    [
      'a time in the future',
      event({}, { time: '2026-10-31T12:05:00.001Z' }),
      'time_in_future /time',
    ],
    ['a subject other than the session', event({}, { subject: 't' }), 'subject_mismatch /subject'],
    ['no data', event({}, { data: null }), 'missing_attribute /data'],
    ['a missing field', event({ user_id: null }), 'missing_field /data/user_id'],
    ['an unknown field', event({ 'cost/cents': 1 }), 'unknown_field /data/cost~1cents'],
    [
      'a negative duration',
      event({ duration_seconds: -1 }),
      'invalid_field /data/duration_seconds',
    ],
    [
      'an over-long duration',
      event({ duration_seconds: '36000.000000001' }),
      'invalid_field /data/duration_seconds',
    ],
    [
      'a duration in exponent form',
      event({ duration_seconds: 1e-7 }),
      'invalid_field /data/duration_seconds',
    ],
    [
      'a duration that is not a number',
      event({ duration_seconds: 'NaN' }),
      'invalid_field /data/duration_seconds',
    ],
    ['a session id of two dots', event({ session_id: '..' }), 'invalid_field /data/session_id'],
    [
      'U+0000 deep in metadata',
      event({ provider_metadata: { a: ['\u0000'] } }),
      'invalid_field /data/provider_metadata/a/0',
    ],
    [
      'a lone surrogate as a key',
      event({ provider_metadata: { '\ud800': 1 } }),
      'invalid_field /data/provider_metadata/\ufffd',
    ],
    [
      'a number beyond the range of a double',
      event({ provider_metadata: JSON.parse('{"a":1e999}') as Json }),
      'invalid_field /data/provider_metadata/a',
    ],
    [
      'metadata over 16 KiB',
      event({ provider_metadata: { a: 'x'.repeat(16_384) } }),
      'invalid_field /data/provider_metadata',
    ],
    [
      'an extension with a control character',
      event({}, { traceparent: 'a\n' }),
      'invalid_attribute /traceparent',
    ],
  ])('refuses %s', (_, value, expected) => {
    expect(codeOf(value)).toBe(expected);
  });

  it('names an unknown field, also next to a missing one that it may stand for', () => {
    const detailOf = (data: { [key: string]: Json }) => {
      const reading = readCloudEvent(event(data), NOW);
      return 'refusal' in reading ? reading.refusal.detail : undefined;
    };
    expect(detailOf({ speakers_count: 3 })).toMatch(
      /^transcription\.session\.completed has no field "speakers_count"\. It has session_id, /,
    );
    const type = 'transcription.session.completed';
    expect(detailOf({ duration_seconds: null, duration_second: 3 })).toBe(
      `data.duration_seconds is required for ${type}. It has no field "duration_second".`,
    );
    expect(detailOf({ duration_seconds: null })).toBe(
      `data.duration_seconds is required for ${type}.`,
    );
    expect(detailOf({ ['x'.repeat(100_000)]: 1 })!.length).toBeLessThan(500);
  });

  it('accepts a time exactly five minutes ahead and a duration of exactly 36,000 seconds', () => {
    expect(
      codeOf(event({ duration_seconds: 36_000 }, { time: '2026-10-31T12:05:00.000Z' })),
    ).toBeUndefined();
  });
});

describe('the stored form', () => {
  const fact = () =>
    factOf(
      event(
        { original_filename: 'a.wav', provider_metadata: { 2: 1, b: -0 } },
        { traceparent: 't' },
      ),
    );

  it('survives a JSON round trip byte for byte, and is read as the same fact', () => {
    const { type, body } = writeFact(fact());
    expect(JSON.stringify(JSON.parse(body))).toBe(body);
    expect(writeFact(readFact(type, body)!).body).toBe(body);
    expect(contentDigest(readFact(type, body)!)).toBe(contentDigest(fact()));
  });

  it('is frozen: version 1 of a completed fact', () => {
    expect(writeFact(fact()).body).toBe(
      '{"version":1,"source":"worker","id":"e1","time":"2026-10-01T10:00:00.123Z","data":{"session_id":"s","user_id":"u","stt_provider":"google","duration_seconds":"61.5","attempt":1,"channels":1},"personal":{"original_filename":"a.wav","provider_metadata":{"2":1,"b":0},"extensions":{"traceparent":"t"}}}',
    );
  });

  it("compares content by value, ignoring the order of keys and the event's other attributes", () => {
    const a = factOf(
      event({ provider_metadata: { x: { p: 1, q: [2] }, y: 1 } }, { traceparent: '1' }),
    );
    const b = factOf(
      event({ provider_metadata: { y: 1.0, x: { q: [2], p: 1 } }, duration_seconds: '61.50' }),
    );
    expect(contentDigest(a)).toBe(contentDigest(b));
    expect(personalDigest(a.personal)).toBe(personalDigest(b.personal));
    const personalOf = (metadata: Json) => factOf(event({ provider_metadata: metadata })).personal;
    expect(personalDigest(personalOf({ x: [['p', 1]] }))).not.toBe(
      personalDigest(personalOf({ x: { p: 1 } })),
    );
  });
});
