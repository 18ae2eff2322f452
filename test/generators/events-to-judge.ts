import fc from 'fast-check';

import type { EventShape } from '../../src/domain/events/catalogue';
import type { FactData, Json, JsonObject, PersonalData } from '../../src/domain/events/facts';
import type { Refusal } from '../../src/domain/errors';

const texts = [
  '',
  ' ',
  'a',
  'A b',
  '.',
  '..',
  '...',
  'a/b',
  'ü',
  'K',
  'WHISPER',
  'tab\there',
  'line\nbreak',
  'nul\u0000',
  '\u007f',
  '\u0085',
  'x'.repeat(64),
  'x'.repeat(65),
  'x'.repeat(128),
  'x'.repeat(129),
  'x'.repeat(512),
  'x'.repeat(513),
  'x'.repeat(1024),
  'x'.repeat(1025),
  'x'.repeat(4096),
  'x'.repeat(4097),
  '😀'.repeat(32),
  '😀'.repeat(600),
  '\ud800',
  'true',
  'null',
];
const decimals = [
  '0',
  '0.0',
  '00',
  '-0',
  '-1',
  '+1',
  '1.',
  '.5',
  '1e3',
  '1.123456789',
  '1.1234567891',
  '9999',
  '10000',
  '35999.999999999',
  '36000',
  '36000.000',
  '36000.000000001',
  '36001',
  '40000',
  '99999',
  '100000',
  '999999999.5',
  '1000000000',
  '1000000000.0',
  '1000000000.1',
  '2000000000',
  '10000000000',
];
const numbers = [
  0,
  -0,
  -1,
  1,
  2,
  0.5,
  1.5,
  1e-7,
  1e-9,
  0.1 + 0.2,
  90.25,
  999,
  1000,
  1001,
  10_000,
  10_001,
  36_000,
  36_000.5,
  1e9,
  1e9 + 1,
  2 ** 31,
  -(2 ** 31),
  2 ** 31 - 1,
  2 ** 53 - 1,
  2 ** 53,
  1e21,
];
const times = [
  '2026-10-05T10:00:00Z',
  '2026-10-05t10:00:00z',
  '2026-10-05T10:00:00.123456789+08:00',
  '2026-10-05 10:00:00Z',
  '2026-10-05T10:00:60Z',
  '2026-10-05T24:00:00Z',
  '2026-02-30T10:00:00Z',
  '2026-04-31T10:00:00Z',
  '1969-12-31T23:59:59Z',
  '1970-01-01T00:00:00Z',
  '1970-01-01T00:00:00+01:00',
  '2027-01-01T00:00:00Z',
  '2026-10-05T10:00:00',
  '2026-10-05T10:00:00+24:00',
  '2026-13-05T10:00:00Z',
  '2026-10-05T10:00:00-00:00',
  '2026-10-05',
  `2026-10-05T10:00:00.${'1'.repeat(60)}Z`,
];
const kinds = [
  'application/json',
  'APPLICATION/JSON; charset=utf-8',
  'application/vnd.a+json',
  'text/json',
  'application/jsonx',
  'application/+json',
  'application/json ;a',
  'application/xml',
];

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(...texts, ...decimals, ...times, ...kinds),
  fc.constantFrom(...numbers),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.double({ noNaN: true }),
  fc
    .tuple(fc.nat(40_000), fc.nat(9), fc.nat(999_999_999))
    .map(([whole, places, digits]) => `${whole}.${String(digits).slice(0, places)}`),
  fc.constantFrom<Json>(
    null,
    true,
    false,
    [],
    {},
    [1],
    { a: 1 },
    { a: '\u0000' },
    { b: 'x'.repeat(16_384) },
  ),
);

/** A valid value of each field. */
const GOOD: Readonly<Record<keyof FactData | keyof Omit<PersonalData, 'extensions'>, Json>> = {
  session_id: 'rec-1',
  user_id: 'ann',
  stt_provider: 'google',
  attempt: 2,
  client_id: 'web',
  language: 'en',
  enable_diarization: true,
  original_filename: 'a.wav',
  file_size_bytes: 5,
  duration_seconds: '1.5',
  channels: 2,
  speaker_count: 2,
  confidence_score: 0.5,
  word_count: 3,
  character_count: 9,
  processing_time_seconds: 2,
  error_code: 'x',
  error_message: 'a\nb',
  requested_by: 'ann',
  reason: 'why',
  provider_metadata: { model: 'm' },
};

const attributes = [
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'subject',
  'datacontenttype',
  'dataschema',
  'traceparent',
  'Upper',
  'data_base64',
  'x'.repeat(64),
  'x'.repeat(65),
];

interface Change {
  readonly where: 'attribute' | 'data';
  readonly name: string;
  readonly value: Json | undefined;
}

/** A sound event of a type, with one or two attributes or fields changed or removed. */
export function eventMutation(shape: EventShape): fc.Arbitrary<JsonObject> {
  const names = shape.fields.map(([name]) => name);
  const field = fc.record<Change>({
    where: fc.constant('data' as const),
    name: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.constant('nonsense')),
    value: fc.oneof(
      { weight: 6, arbitrary: value },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  });
  const attribute = fc.record<Change>({
    where: fc.constant('attribute' as const),
    name: fc.constantFrom(...attributes),
    value: fc.oneof(
      { weight: 6, arbitrary: value },
      { weight: 1, arbitrary: fc.constant(undefined) },
    ),
  });
  const changes = fc.array(fc.oneof({ weight: 3, arbitrary: field }, attribute), {
    minLength: 1,
    maxLength: 2,
  });
  return fc
    .tuple(changes, fc.subarray(names))
    .map(([changed, there]) => changedEvent(shape, changed, there));
}

function changedEvent(
  shape: EventShape,
  changed: readonly Change[],
  there: readonly string[],
): JsonObject {
  const data: Record<string, Json> = {};
  for (const [name] of shape.fields) {
    if (shape.required.has(name) || there.includes(name))
      data[name] = GOOD[name as keyof typeof GOOD];
  }
  const event: Record<string, Json> = {
    specversion: '1.0',
    id: 'a',
    source: 'worker',
    type: shape.type,
    time: '2026-10-05T10:00:00Z',
    data,
  };
  for (const { where, name, value: to } of changed) {
    const of = where === 'data' ? data : event;
    if (to === undefined) delete of[name];
    else of[name] = to;
  }
  return event;
}

/** Whether a refusal has a reason that no JSON schema expresses (docs/reference/events.md#schemas). */
export function beyondSchemas(event: JsonObject, { code, pointer = '' }: Refusal): boolean {
  const at = pointer.split('/').slice(1);
  const found = at.reduce<Json | undefined>(
    (so, name) => (so as JsonObject | undefined)?.[name],
    event,
  );
  if (code === 'subject_mismatch' || code === 'time_in_future') return true;
  // Schemas do not know how many days a month has, or whether an offset leads out of the valid years.
  if (pointer === '/time') return true;
  if (pointer.startsWith('/data/provider_metadata')) return true;
  if (typeof found === 'string') {
    // Length counts UTF-16 units, and unpaired surrogates are refused.
    return !found.isWellFormed() || found.length > [...found].length;
  }
  // At most nine decimals, as JavaScript prints the number.
  return pointer.endsWith('_seconds') && typeof found === 'number';
}
