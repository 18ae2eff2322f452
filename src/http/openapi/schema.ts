import type { JsonObject } from '../../domain/events/facts';
import { CURRENCY } from '../../domain/money';
import { TRANSCRIPTION_TYPES } from '../../domain/session/attempts';

/** A JSON schema (2020-12), as OpenAPI 3.1 takes it. */
export type Schema = JsonObject;

/** An operation, in the words of OpenAPI. */
export type Operation = Readonly<Record<string, unknown>>;

export const text: Schema = { type: 'string' };
export const flag: Schema = { type: 'boolean' };
export const whole: Schema = { type: 'integer' };
export const count: Schema = { type: 'integer', minimum: 0 };
export const decimal: Schema = {
  type: 'string',
  pattern: '^-?(0|[1-9][0-9]*)(\\.[0-9]*[1-9])?$',
  description: 'An exact decimal, without exponent or trailing zeros.',
  examples: ['1.5'],
};
export const instant: Schema = {
  type: 'string',
  format: 'date-time',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$',
  examples: ['2026-10-05T10:00:00.000Z'],
};
export const POSITION = /^[0-9]{1,16}$/;
export const position: Schema = {
  type: 'string',
  pattern: POSITION.source,
  description: 'A place in ledger order. It is opaque and grows. Give it to a read as `at_least`.',
};
export const period: Schema = {
  type: 'string',
  pattern: '^[0-9]{4}-(0[1-9]|1[0-2])$',
  examples: ['2026-10'],
};
export const currency: Schema = { type: 'string', pattern: CURRENCY.source, examples: ['TWD'] };
export const transcriptionType: Schema = {
  type: 'string',
  enum: [...TRANSCRIPTION_TYPES],
};
/** A name that a person gives something: no control characters. */
export const name: Schema = {
  type: 'string',
  minLength: 1,
  maxLength: 128,
  pattern: '^[^\\u0000-\\u001f\\u007f-\\u009f]*$',
};

/** The same schema, or null: absent values are null, not left out. */
export function nullable(schema: Schema): Schema {
  return { anyOf: [schema, { type: 'null' }] };
}

/**
 * Describes an object with exactly these fields. All are required unless named as optional. If a view is given as
 * `View`, a field that only one of the two has is a compile error.
 */
export function object<View = Readonly<Record<string, unknown>>>(
  fields: { readonly [Field in keyof View]-?: Schema },
  optional: readonly (keyof View)[] = [],
): Schema {
  const all: Readonly<Record<string, Schema>> = fields;
  const left = new Set<PropertyKey>(optional);
  return {
    type: 'object',
    properties: all,
    required: Object.keys(all).filter((name) => !left.has(name)),
    additionalProperties: false,
  };
}

/** A view with the fields of a schema. A field that only one of the two has is a compile error. */
export type ViewOf<Fields> = { readonly [Field in keyof Fields]: unknown };

export function list(items: Schema): Schema {
  return { type: 'array', items };
}

/** A page of a list. */
export function page(items: Schema): Schema {
  return object({ items: list(items), next_cursor: nullable(text) });
}

/** Refers to a schema of `components`. */
export function ref(name: string): Schema {
  return { $ref: `#/components/schemas/${name}` };
}

/** The counts of usage, for a month or overall. */
export const counted = {
  transcriptions: count,
  failed_attempts: count,
  free_retries: count,
  retranscriptions: count,
  total_seconds: decimal,
  billed_seconds: decimal,
  included_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  usage_cost_cents: whole,
  adjustments_cents: whole,
  cost_cents: whole,
};
