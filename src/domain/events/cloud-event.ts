import type { Refusal, RefusalCode } from '../errors';
import { parseInstant } from '../time';
import { CATALOGUE } from './catalogue';
import {
  factKind,
  type Fact,
  type FactData,
  type Json,
  type JsonObject,
  type PersonalData,
} from './facts';
import { isText } from './fields';

/** How far ahead of the server's clock an event's `time` may be. */
const FUTURE_TOLERANCE_MS = 5 * 60_000;

export const ID_LENGTH = 512;
export const ATTRIBUTE_LENGTH = 1024;
const ATTRIBUTE_NAME = /^[a-z0-9]{1,64}$/;
const KNOWN = new Set([
  'specversion',
  'id',
  'source',
  'type',
  'time',
  'subject',
  'data',
  'datacontenttype',
  'dataschema',
]);

/** A valid fact, or the reason why the event is not one. */
export type Reading = { readonly fact: Fact } | { readonly refusal: Refusal };

/** A refusal found deep inside an event. Only this file throws and catches it. */
class Refused extends Error {
  constructor(readonly refusal: Refusal) {
    super(refusal.detail);
  }
}

/**
 * Reads a CloudEvent 1.0 as a fact: checks every attribute and field against the catalogue, fills in defaults,
 * normalises, and separates the personal fields from the rest. Pure; `now` is in milliseconds since 1970.
 */
export function readCloudEvent(event: Json, now: number): Reading {
  try {
    return { fact: read(event, now) };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal };
    throw error;
  }
}

function read(event: Json, now: number): Fact {
  if (!isObject(event))
    refuse(
      'invalid_event',
      'Send a CloudEvent: a JSON object with specversion, id, source, type, time and data.',
    );
  const specversion = attribute(event, 'specversion');
  if (specversion !== '1.0') {
    refuse('unsupported_specversion', 'specversion must be "1.0".', '/specversion');
  }
  const id = text(event, 'id', ID_LENGTH);
  const source = text(event, 'source', ID_LENGTH);
  const type = text(event, 'type', ATTRIBUTE_LENGTH);
  const kind = factKind(type);
  if (kind === undefined) {
    refuse(
      'unknown_type',
      `Producers may send ${Object.values(CATALOGUE)
        .map((shape) => shape.type)
        .join(', ')}.`,
      '/type',
    );
  }
  const time = instant(event, now);
  checkContentType(event['datacontenttype']);
  if (isPresent(event['dataschema'])) text(event, 'dataschema', ATTRIBUTE_LENGTH);
  const extensions = readExtensions(event);
  const raw = event['data'];
  if (!isPresent(raw)) refuse('missing_attribute', 'The attribute data is required.', '/data');
  if (!isObject(raw)) refuse('invalid_attribute', 'data must be a JSON object.', '/data');
  const { data, personal } = readData(kind, raw);
  if (isPresent(event['subject']) && event['subject'] !== data.session_id) {
    refuse(
      'subject_mismatch',
      'subject must equal data.session_id. Make them equal, or leave subject out.',
      '/subject',
    );
  }
  return {
    kind,
    id,
    source,
    time,
    data,
    personal: extensions === undefined ? personal : { ...personal, extensions },
  };
}

function readData(
  kind: keyof typeof CATALOGUE,
  raw: JsonObject,
): { data: FactData; personal: PersonalData } {
  const shape = CATALOGUE[kind];
  const data: Record<string, Json> = {};
  const personal: Record<string, Json> = {};
  let known = 0;
  for (const [name, field] of shape.fields) {
    const value = Object.hasOwn(raw, name) ? raw[name] : undefined;
    if (value !== undefined) known += 1;
    if (!isPresent(value)) {
      if (shape.required.has(name)) {
        refuse(
          'missing_field',
          `data.${name} is required for ${shape.type}.${saidInstead(raw, shape)}`,
          `/data/${name}`,
        );
      }
      const standard = shape.defaults[name];
      if (standard !== undefined) data[name] = standard;
      continue;
    }
    const result = field.check(value);
    if ('must' in result)
      refuse('invalid_field', `data.${name} must ${result.must}.`, `/data/${name}`);
    if (field.personal === true) {
      checkSound(result.ok, `/data/${name}`);
      personal[name] = result.ok;
    } else {
      data[name] = result.ok;
    }
  }
  if (Object.keys(raw).length > known) refuseUnknownField(raw, shape);
  return { data: data as unknown as FactData, personal };
}

type Shape = (typeof CATALOGUE)[keyof typeof CATALOGUE];

function refuseUnknownField(raw: JsonObject, shape: Shape): void {
  const name = unknownField(raw, shape);
  if (name === undefined) return;
  const names = shape.fields.map(([field]) => field).join(', ');
  refuse(
    'unknown_field',
    `${shape.type} has no field ${shown(name)}. It has ${names}. Anything else belongs in provider_metadata.`,
    `/data/${pointerToken(name)}`,
  );
}

/** Names a field that the type does not have: a missing field is often sent under another name. */
function saidInstead(raw: JsonObject, shape: Shape): string {
  const name = unknownField(raw, shape);
  return name === undefined ? '' : ` It has no field ${shown(name)}.`;
}

function unknownField(raw: JsonObject, shape: Shape): string | undefined {
  return Object.keys(raw).find((name) => !shape.fields.some(([field]) => field === name));
}

/** Quotes a name for a message, cut to 64 characters. */
function shown(name: string): string {
  return JSON.stringify(name.length > 64 ? `${name.slice(0, 64)}…` : name);
}

function attribute(event: JsonObject, name: string): Json {
  const value = Object.hasOwn(event, name) ? event[name] : undefined;
  if (!isPresent(value))
    refuse('missing_attribute', `The attribute ${name} is required.`, `/${name}`);
  return value;
}

function text(event: JsonObject, name: string, maximum: number): string {
  const value = attribute(event, name);
  if (!isText(value, maximum)) {
    refuse(
      'invalid_attribute',
      `${name} must be a string of 1 to ${maximum} characters without control characters.`,
      `/${name}`,
    );
  }
  return value;
}

function instant(event: JsonObject, now: number): number {
  const value = attribute(event, 'time');
  const time = typeof value === 'string' && value.length <= 64 ? parseInstant(value) : undefined;
  if (time === undefined) {
    refuse(
      'invalid_attribute',
      'time must be RFC 3339 with an offset, from 1970 on and without a leap second, such as 2026-10-01T10:00:00Z.',
      '/time',
    );
  }
  if (time > now + FUTURE_TOLERANCE_MS) {
    refuse(
      'time_in_future',
      "time is more than five minutes ahead of the server's clock. Check the producer's clock.",
      '/time',
    );
  }
  return time;
}

function checkContentType(value: Json | undefined): void {
  if (!isPresent(value)) return;
  const isJson = /^application\/([a-z0-9.+-]+\+)?json *(;|$)/i;
  if (!isText(value, ATTRIBUTE_LENGTH) || !isJson.test(value)) {
    refuse('invalid_attribute', 'datacontenttype must be application/json.', '/datacontenttype');
  }
}

function readExtensions(event: JsonObject): JsonObject | undefined {
  let extensions: Record<string, Json> | undefined;
  for (const name of Object.keys(event)) {
    if (KNOWN.has(name)) continue;
    const value = event[name]!;
    if (value === null) continue;
    if (!ATTRIBUTE_NAME.test(name)) {
      refuse(
        'invalid_attribute',
        'The names of extension attributes are 1 to 64 characters of a-z 0-9 (data_base64 is not accepted: send data as JSON).',
        `/${pointerToken(name)}`,
      );
    }
    const sound = typeof value === 'boolean' || isInt32(value) || isText(value, ATTRIBUTE_LENGTH);
    if (!sound) {
      refuse(
        'invalid_attribute',
        'An extension attribute must be a string of 1 to 1024 characters, a boolean or a 32-bit integer.',
        `/${pointerToken(name)}`,
      );
    }
    (extensions ??= {})[name] = value;
  }
  return extensions;
}

/** A CloudEvents integer: signed, 32 bits. */
function isInt32(value: Json): value is number {
  return typeof value === 'number' && value === (value | 0);
}

/** Refuses U+0000, unpaired surrogates and numbers beyond the IEEE range, at any depth. */
function checkSound(value: Json, pointer: string): void {
  if (typeof value === 'string') {
    if (value.includes('\u0000') || !value.isWellFormed()) {
      refuse('invalid_field', 'U+0000 and unpaired surrogates are not accepted.', pointer);
    }
  } else if (typeof value === 'number') {
    if (!Number.isFinite(value))
      refuse('invalid_field', 'The number is beyond the range of an IEEE double.', pointer);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value as JsonObject)) {
      checkSound(key, `${pointer}/${pointerToken(key)}`);
      checkSound(child, `${pointer}/${pointerToken(key)}`);
    }
  }
}

/** Escapes a name as RFC 6901 says, shortens it, and replaces unprintable characters. */
function pointerToken(name: string): string {
  // eslint-disable-next-line no-control-regex
  const printable = name.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f]/g, '\ufffd');
  return printable.slice(0, 128).toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}

function isPresent(value: Json | undefined): value is Exclude<Json, null> {
  return value !== undefined && value !== null;
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(code: RefusalCode, detail: string, pointer?: string): never {
  throw new Refused({ code, detail, ...(pointer === undefined ? {} : { pointer }) });
}
