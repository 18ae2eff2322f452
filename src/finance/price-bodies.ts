import { component } from '../http/openapi/components';
import type { Plan } from '../domain/plan/plan';
import { MAX_FORMATS, MINUTES_DECIMALS } from '../domain/plan/parse-plans';
import { CARD_BOUNDS, CARD_RANGES, DECIMALS, ENTRY_NAME } from '../domain/rating/card-fields';
import type { PriceEntry, Surcharges, Tier } from '../domain/rating/price-entry';
import type { RateCard } from '../domain/rating/rate-card';
import { instant } from '../http/fields/rules';
import { currency, list, nullable, object, type Schema } from '../http/openapi/schema';
import { decimalSchema } from './decimal-schema';
import { wordOf } from './price.schemas';

const amount = decimalSchema(DECIMALS);
const minutes = decimalSchema(MINUTES_DECIMALS);
const when: Schema = {
  ...instant.schema,
  description: 'RFC 3339 with an offset. If left out: now.',
};
const limit: Schema = { type: 'integer', minimum: 0, maximum: Number.MAX_SAFE_INTEGER };

/** Describes a decimal of a card that has a range. */
function ranged(field: keyof typeof CARD_RANGES): Schema {
  return decimalSchema(DECIMALS, CARD_RANGES[field]);
}

function whole(maximum: number): Schema {
  return { type: 'integer', minimum: 0, maximum };
}

/**
 * Describes an object in which every field that is not required may be left out or null; both mean the same. `View` is
 * the type that is read from the object: a field that only one of the two has is a compile error.
 */
function body<View>(
  fields: Readonly<Record<keyof View, Schema>>,
  required: readonly string[],
): Schema {
  const optional = Object.keys(fields).filter((name) => !required.includes(name));
  const schemas = Object.entries<Schema>(fields).map(([name, schema]) => [
    name,
    required.includes(name) ? schema : nullable(schema),
  ]);
  return object(Object.fromEntries(schemas) as Record<string, Schema>, optional);
}

const tier = body<Tier>({ up_to_minutes: amount, amount, flat_amount: amount }, ['amount']);
const price: Schema = {
  ...body<PriceEntry>(
    {
      per_seconds: ranged('per_seconds'),
      increment_seconds: ranged('increment_seconds'),
      increment_rounding: wordOf('increment_rounding'),
      minimum_seconds: ranged('minimum_seconds'),
      channels: wordOf('channels'),
      extra_increments: whole(CARD_BOUNDS.extra_increments),
      amount,
      tier_mode: wordOf('tier_mode'),
      tiers: { ...list(tier), minItems: 1, maxItems: CARD_BOUNDS.tiers },
    },
    [],
  ),
  description: 'Either `amount` or `tiers`.',
};
const card = body<Omit<RateCard, 'rate_card_id'>>(
  {
    currency,
    effective_from: when,
    rounding: wordOf('rounding'),
    retry_after_failure: wordOf('retry_after_failure'),
    surcharges: body<Surcharges>(
      {
        speakers_included: whole(CARD_BOUNDS.speakers_included),
        per_extra_speaker: ranged('per_extra_speaker'),
        confidence_threshold: ranged('confidence_threshold'),
        low_confidence: ranged('low_confidence'),
      },
      [],
    ),
    prices: {
      type: 'object',
      propertyNames: { pattern: ENTRY_NAME.source },
      additionalProperties: price,
      minProperties: 1,
      maxProperties: CARD_BOUNDS.prices,
    },
  },
  ['currency', 'prices'],
);

export const RATE_CARD_BODY = component('RateCardBody', card);

export const PLAN_BODY = component(
  'PlanBody',
  body<Omit<Plan, 'plan'>>(
    {
      included_minutes: minutes,
      minutes,
      sessions: limit,
      file_size_bytes: limit,
      export_formats: {
        ...list({ type: 'string', pattern: '^[A-Za-z0-9._+-]{1,32}$' }),
        maxItems: MAX_FORMATS,
      },
    },
    [],
  ),
);
