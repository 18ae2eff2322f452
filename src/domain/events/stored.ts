import { hash, randomBytes } from 'node:crypto';

import { printInstant } from '../time';
import {
  FACT_TYPES,
  factKind,
  type Fact,
  type FactData,
  type Json,
  type PersonalData,
  type PersonalField,
  type SealedPersonal,
  type StoredFact,
} from './facts';

/**
 * The stored form of a fact. It has one order of keys and no white space, and is a fixed point of
 * `JSON.stringify(JSON.parse(text))`: the same bytes on every store (docs/adr/0002). Version 1 holds personal values in
 * the clear, version 2 holds them sealed (docs/adr/0061). A fact without personal values is written as version 1.
 */
interface StoredForm<Version extends number, Personal> {
  readonly version: Version;
  readonly source: string;
  readonly id: string;
  readonly time: string;
  readonly data: FactData;
  readonly personal?: Personal;
}

type StoredFactV1 = StoredForm<1, PersonalData>;
type StoredFactV2 = StoredForm<2, SealedPersonal>;

/** The form that every stored version is read into. */
interface Upcast extends Omit<StoredFactV1, 'version' | 'personal'> {
  readonly personal: PersonalData;
  readonly sealed: SealedPersonal | undefined;
}

/** Returns the event type, and the text to store and hash. The caller has sealed the personal values before. */
export function writeFact(fact: StoredFact): { type: string; body: string } {
  const { source, id, data, personal, sealed } = fact;
  const time = printInstant(fact.time);
  const stored: StoredFactV1 | StoredFactV2 =
    sealed === undefined
      ? { version: 1, source, id, time, data, ...(hasKeys(personal) ? { personal } : {}) }
      : { version: 2, source, id, time, data, personal: sealedInOrder(sealed) };
  return { type: FACT_TYPES[fact.kind], body: JSON.stringify(stored) };
}

function sealedInOrder({ key, fields, sealed }: SealedPersonal): SealedPersonal {
  return { key, fields, sealed };
}

/**
 * Reads a stored event as a fact of a session; `undefined` if it has another type.
 * @throws Error if it has a version that this program does not know.
 */
export function readFact(type: string, body: string): StoredFact | undefined {
  const kind = factKind(type);
  if (kind === undefined) return undefined;
  const stored = upcast(type, JSON.parse(body) as { version: number });
  return {
    kind,
    source: stored.source,
    id: stored.id,
    time: Date.parse(stored.time),
    data: stored.data,
    personal: stored.personal,
    ...(stored.sealed === undefined ? {} : { sealed: stored.sealed }),
  };
}

/** Returns the user of a stored fact; `undefined` if the event is not a fact. @throws as {@link readFact}. */
export function userOfFact({ type, body }: { type: string; body: string }): string | undefined {
  return readFact(type, body)?.data.user_id;
}

/** Brings a stored form up to date. It has one step per version. */
function upcast(type: string, stored: { version: number }): Upcast {
  if (stored.version === 1) {
    const first = stored as StoredFactV1;
    return { ...first, personal: first.personal ?? {}, sealed: undefined };
  }
  if (stored.version === 2) {
    const second = stored as StoredFactV2;
    return { ...second, personal: {}, sealed: readSealed(type, second.personal) };
  }
  throw notKnown(`An event of type ${type} has version ${stored.version}`);
}

/**
 * Returns the error for a stored event that this program does not know. It must not be skipped
 * (docs/reference/rules.md#event-4): without it, bills would differ.
 */
export function notKnown(what: string): Error {
  return new Error(
    `${what}, which this program does not know. A newer Minutebook wrote it: run that version or a later one.`,
  );
}

/** Returns the error for a stored event that is neither a fact nor an event of the ledger itself. */
export function unknownType({ type, position }: { type: string; position: number }): Error {
  return notKnown(`The event at position ${position} has the type ${type}`);
}

const PERSONAL_FIELDS: ReadonlySet<string> = new Set(
  Object.keys({
    original_filename: true,
    provider_metadata: true,
    error_message: true,
    requested_by: true,
    extensions: true,
  } satisfies Record<PersonalField, true>),
);

/** @throws Error if the values do not have the form that {@link writeFact} writes, or a field is not known here. */
function readSealed(type: string, given: SealedPersonal | undefined): SealedPersonal {
  const isSound =
    typeof given?.key === 'string' &&
    typeof given.sealed === 'string' &&
    Array.isArray(given.fields) &&
    given.fields.length > 0;
  if (!isSound) {
    throw new Error(
      `An event of type ${type} has personal values that are not sealed as they should be.`,
    );
  }
  const fields: readonly string[] = given.fields;
  const other = fields.find((name) => !PERSONAL_FIELDS.has(name));
  if (other === undefined) return given;
  throw notKnown(`An event of type ${type} has a personal field ${JSON.stringify(other)}`);
}

const SEALED_FORM = '{"version":2,';
const KEY_IN_IT = '"personal":{"key":"';

/**
 * Returns the id of the key that seals a stored fact's personal values; `undefined` if none are sealed. Finds it in the
 * text, because parsing the whole text would cost more.
 */
export function keyNamedIn(body: string): string | undefined {
  if (!body.startsWith(SEALED_FORM)) return undefined;
  const at = body.indexOf(KEY_IN_IT);
  if (at < 0) return undefined;
  return body.slice(at + KEY_IN_IT.length, body.indexOf('"', at + KEY_IN_IT.length));
}

function hasKeys(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

/** Makes a lower-case UUID (version 8, RFC 9562) from texts. The same texts always give the same id. */
export function deterministicId(...texts: readonly string[]): string {
  const bytes = hash('sha256', texts.join('\u0000'), 'buffer');
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Digests the readable part of a fact's content: type, time and data. The result has 32 characters, one per byte: many
 * digests are kept in memory, and this is their shortest form.
 */
export function contentDigest(fact: Fact): string {
  return hash('sha256', JSON.stringify([fact.kind, fact.time, fact.data]), 'binary');
}

/** Made by each process for itself and stored nowhere, so a digest made with it is useless to anybody else. */
const SALT = randomBytes(16).toString('base64url');

/**
 * Digests the personal part of a fact's content, for comparisons within this process; empty if there is none. The
 * event's extension attributes do not count as content. The order of keys does not matter.
 */
export function personalDigest(personal: PersonalData): string {
  const { provider_metadata: metadata, extensions: _, ...texts } = personal;
  if (metadata === undefined && !hasKeys(texts)) return '';
  const content = JSON.stringify([SALT, texts, metadata === undefined ? null : sorted(metadata)]);
  return hash('sha256', content, 'binary');
}

/** SHA-256 of a JSON value, in lower-case hex. The order of keys does not matter. */
export function jsonDigest(value: Json): string {
  return hash('sha256', JSON.stringify(sorted(value)), 'hex');
}

/**
 * Returns the names of the fields in which two facts differ, sorted.
 * @param opened the personal values of `stored`; `undefined` if nobody can read them any more, so they are not
 * compared.
 */
export function differingFields(
  stored: StoredFact,
  opened: PersonalData | undefined,
  sent: Fact,
): string[] {
  const isReadable = opened !== undefined;
  const left = contentFields({ ...stored, personal: opened ?? {} });
  const right = contentFields(isReadable ? sent : { ...sent, personal: {} });
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter((name) => left.get(name) !== right.get(name))
    .sort();
}

function contentFields(fact: Fact): Map<string, string> {
  const { extensions: _, ...personal } = fact.personal;
  const all: Record<string, Json> = { ...fact.data, ...personal };
  const fields = new Map(
    Object.entries(all).map(([name, value]) => [`data.${name}`, JSON.stringify(sorted(value))]),
  );
  return fields.set('type', fact.kind).set('time', String(fact.time));
}

/**
 * Returns a value in a form whose JSON text does not depend on the order of keys. Objects become lists of entries,
 * sorted by code unit.
 */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return ['array', ...value.map(sorted)];
  if (typeof value !== 'object' || value === null) return value;
  const object = value as { [key: string]: Json };
  // A list, because an object would not keep the order of integer-like keys and `__proto__`.
  return [
    'object',
    ...Object.keys(object)
      .sort()
      .map((key): Json => [key, sorted(object[key]!)]),
  ];
}
