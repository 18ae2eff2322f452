import { hash } from 'node:crypto';

import { printInstant } from '../time';
import {
  FACT_TYPES,
  factKind,
  type Fact,
  type FactData,
  type Json,
  type PersonalData,
} from './facts';

/**
 * The stored form of a fact, version 1. It has one order of keys and no blanks, and is a fixed point of
 * `JSON.stringify(JSON.parse(text))`: the same bytes on every store (docs/adr/0002).
 */
interface StoredFactV1 {
  readonly version: 1;
  readonly source: string;
  readonly id: string;
  readonly time: string;
  readonly data: FactData;
  readonly personal?: PersonalData;
}

/** The event type, and the text that is stored and hashed. */
export function writeFact(fact: Fact): { type: string; body: string } {
  const stored: StoredFactV1 = {
    version: 1,
    source: fact.source,
    id: fact.id,
    time: printInstant(fact.time),
    data: fact.data,
    ...(hasKeys(fact.personal) ? { personal: fact.personal } : {}),
  };
  return { type: FACT_TYPES[fact.kind], body: JSON.stringify(stored) };
}

/**
 * Reads a stored event as a fact of a session; `undefined` if it is of another type.
 * @throws Error if it has a version that this program does not know.
 */
export function readFact(type: string, body: string): Fact | undefined {
  const kind = factKind(type);
  if (kind === undefined) return undefined;
  const stored = upcast(type, JSON.parse(body) as { version: number });
  return {
    kind,
    source: stored.source,
    id: stored.id,
    time: Date.parse(stored.time),
    data: stored.data,
    personal: stored.personal ?? {},
  };
}

/** Has one step per version. Version 1 is the newest, so there is no step yet. */
function upcast(type: string, stored: { version: number }): StoredFactV1 {
  if (stored.version === 1) return stored as StoredFactV1;
  throw new Error(
    `An event of type ${type} has version ${stored.version}, which this program does not know. A newer Minutebook wrote it: run that version or a later one.`,
  );
}

function hasKeys(value: object): boolean {
  for (const _ in value) return true;
  return false;
}

/** A lower-case UUID (version 8, RFC 9562) made from texts. The same texts always give the same id. */
export function deterministicId(...texts: readonly string[]): string {
  const bytes = hash('sha256', texts.join('\u0000'), 'buffer');
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** A digest of a fact's content: type, instant and data, but no other attributes. The order of keys does not matter. */
export function contentDigest(fact: Fact): string {
  const { provider_metadata: metadata, extensions: _, ...personal } = fact.personal;
  const content = JSON.stringify([
    fact.kind,
    fact.time,
    fact.data,
    personal,
    metadata === undefined ? null : sorted(metadata),
  ]);
  return hash('sha256', content, 'base64').slice(0, 22);
}

/** SHA-256 of a JSON value, in lower-case hex. The order of keys does not matter. */
export function jsonDigest(value: Json): string {
  return hash('sha256', JSON.stringify(sorted(value)), 'hex');
}

/** The names of the fields in which the contents of two facts differ, sorted. */
export function differingFields(a: Fact, b: Fact): string[] {
  const left = contentFields(a);
  const right = contentFields(b);
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

/** The same value with the keys of its objects sorted by code unit. */
function sorted(value: Json): Json {
  if (Array.isArray(value)) return ['array', ...value.map(sorted)];
  if (typeof value !== 'object' || value === null) return value;
  const object = value as { [key: string]: Json };
  // Entries, not an object, in which integer-like keys and `__proto__` would not keep their places.
  return [
    'object',
    ...Object.keys(object)
      .sort()
      .map((key): Json => [key, sorted(object[key]!)]),
  ];
}
