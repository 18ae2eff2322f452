import { CATALOGUE } from '../../../domain/events/catalogue';
import type { Json, JsonObject } from '../../../domain/events/facts';
import { Decimal, print } from '../../../domain/money';
import { allFinite } from '../all-finite';
import { DURATIONS, type Mapping, type Outcome } from './mapping';

/** An event skipped because of its type, an event refused with the reason, or a fact as a CloudEvent. */
export type Told =
  | { readonly kind: 'skipped' }
  | { readonly kind: 'refused'; readonly code: string; readonly detail: string }
  | { readonly kind: 'fact'; readonly event: JsonObject };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?$/;
const MOST_DECIMALS = 9;
/** Fields that hold numbers: a text from `--set`, or a number sent as text, is converted. */
const NUMBERS: ReadonlySet<string> = new Set(
  [...CATALOGUE.completed.fields, ...CATALOGUE.failed.fields]
    .filter(([, { schema }]) => schema['type'] === 'integer' || schema['type'] === 'number')
    .map(([name]) => name),
);

/** Says why an event can't become a fact. Only this file throws and catches it. */
class Untold extends Error {
  constructor(
    readonly code: string,
    detail: string,
  ) {
    super(detail);
  }
}

/**
 * Converts one OpenMeter event to a fact. `item` is an entry of what the API lists (`{event, ingestedAt, …}`), or a
 * bare CloudEvent. The fact's id and source are made from the event's, so the same event always gives the same fact.
 */
export function factOf(item: Json, mapping: Mapping): Told {
  try {
    return tell(item, mapping);
  } catch (error) {
    if (!(error instanceof Untold)) throw error;
    return { kind: 'refused', code: error.code, detail: error.message };
  }
}

function tell(item: Json, mapping: Mapping): Told {
  if (!isObject(item)) throw new Untold('not_an_event', 'It is not a JSON object.');
  const event = isObject(item['event']) ? item['event'] : item;
  const outcome = mapping.types.get(attribute(event, 'type'));
  if (outcome === undefined) return { kind: 'skipped' };
  if (typeof item['validationError'] === 'string' && item['validationError'] !== '') {
    throw new Untold(
      'validation_error',
      `OpenMeter refused it and did not count it: ${item['validationError'].slice(0, 200)}`,
    );
  }
  return {
    kind: 'fact',
    event: {
      specversion: '1.0',
      id: attribute(event, 'id'),
      source: `${mapping.source}/${attribute(event, 'source')}`,
      type: CATALOGUE[outcome].type,
      time: attribute(event, 'time'),
      data: dataOf({ ...event, customerId: item['customerId'] ?? null }, outcome, mapping),
    },
  };
}

function attribute(event: JsonObject, name: string): string {
  const value = event[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Untold(`no_${name}`, `The event has no ${name}.`);
}

function dataOf(event: JsonObject, outcome: Outcome, mapping: Mapping): JsonObject {
  const shape = CATALOGUE[outcome];
  const data: Record<string, Json> = {};
  for (const [name] of shape.fields) {
    const value =
      name === 'duration_seconds'
        ? duration(event, mapping)
        : converted(name, valueOf(event, name, mapping));
    if (value !== undefined) data[name] = value;
    else if (shape.required.has(name)) throw new Untold(`no_${name}`, missing(name, mapping));
  }
  return data;
}

function missing(name: string, { places }: Mapping): string {
  if (name === 'duration_seconds')
    return 'The event has no duration at the place that --map names.';
  const place = places.get(name)?.join('.');
  return place === undefined
    ? `Say what it is: --map data.NAME=${name} or --set ${name}=VALUE.`
    : `The event has no ${place}, which --map reads as its ${name}.`;
}

/** Returns the event's value for a field, else the constant that all events share; `undefined` if there is neither. */
function valueOf(event: JsonObject, field: string, mapping: Mapping): Json | undefined {
  const place = mapping.places.get(field);
  const found = place?.reduce<Json | undefined>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    event,
  );
  if (found !== undefined && found !== null && found !== '') return found;
  return mapping.constants.get(field);
}

function duration(event: JsonObject, mapping: Mapping): string | undefined {
  for (const [field, seconds] of Object.entries(DURATIONS)) {
    const value = valueOf(event, field, mapping);
    if (value === undefined) continue;
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string' || !NUMBER.test(text)) {
      throw new Untold(field, `The duration is not a number: ${shown(value)}.`);
    }
    return print(new Decimal(text).times(seconds).toDecimalPlaces(MOST_DECIMALS));
  }
  return undefined;
}

/** OpenMeter also accepts numbers as text, and ids may be numbers there. */
function converted(field: string, value: Json | undefined): Json | undefined {
  const told = typeof value === 'string' && NUMBERS.has(field) ? numberOf(field, value) : value;
  if (typeof told === 'number' && field.endsWith('_id')) return exactId(field, told);
  if (!allFinite(told)) throw new Untold(field, `${field} holds a number that is too large.`);
  return told;
}

function numberOf(field: string, text: string): number {
  if (NUMBER.test(text)) return Number(text);
  throw new Untold(field, `${field} is not a number: ${shown(text)}.`);
}

/** A double may stand for several ids, which would then be one. */
function exactId(field: string, value: number): string {
  if (Number.isSafeInteger(value)) return String(value);
  throw new Untold(
    field,
    `${field} is a number that is not whole, or too large to be exact: write it as a string.`,
  );
}

function shown(value: Json): string {
  return JSON.stringify(value).slice(0, 64);
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
