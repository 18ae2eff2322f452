import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  position,
  text,
  type Schema,
} from '../http/openapi/schema';
import type { Plan } from '../domain/plan/plan';
import { CARD_WORDS } from '../domain/rating/card-fields';
import type { PriceEntry, Surcharges, Tier } from '../domain/rating/price-entry';
import type { RateCard } from '../domain/rating/rate-card';

/** Requires one of the words that a card's field allows. */
export function wordOf(field: keyof typeof CARD_WORDS): Schema {
  return { type: 'string', enum: [...CARD_WORDS[field]] };
}

const quantity = {
  per_seconds: decimal,
  increment_seconds: decimal,
  increment_rounding: wordOf('increment_rounding'),
  minimum_seconds: decimal,
  channels: wordOf('channels'),
  extra_increments: count,
} satisfies Record<string, Schema>;
const tier = object<Tier>({
  up_to_minutes: nullable(decimal),
  amount: decimal,
  flat_amount: decimal,
});
const price = object<PriceEntry>(
  {
    ...quantity,
    amount: decimal,
    tier_mode: wordOf('tier_mode'),
    tiers: list(tier),
  },
  ['amount', 'tier_mode', 'tiers'],
);
const card = {
  currency,
  effective_from: instant,
  rounding: wordOf('rounding'),
  retry_after_failure: wordOf('retry_after_failure'),
  surcharges: object<Surcharges>(
    {
      speakers_included: count,
      per_extra_speaker: decimal,
      confidence_threshold: decimal,
      low_confidence: decimal,
    },
    ['speakers_included', 'per_extra_speaker', 'confidence_threshold', 'low_confidence'],
  ),
  prices: { type: 'object', additionalProperties: price, minProperties: 1 },
} satisfies Readonly<Record<Exclude<keyof RateCard, 'rate_card_id'>, Schema>>;
const planTerms = {
  included_minutes: decimal,
  minutes: nullable(decimal),
  sessions: nullable(count),
  file_size_bytes: nullable(count),
  export_formats: nullable(list(text)),
} satisfies Readonly<Record<Exclude<keyof Plan, 'plan'>, Schema>>;

export const RATE_CARD = component(
  'RateCard',
  object({ rate_card_id: text, ...card, position }, ['position']),
);

export const PLAN = component('Plan', object({ plan: text, ...planTerms, position }, ['position']));

export const DEFAULT_PLAN = component(
  'DefaultPlan',
  object({ plan: text, effective_from: instant, position }),
);

export const ASSIGNED_PLAN = component(
  'AssignedPlan',
  object({
    user_id: text,
    plan: text,
    currency,
    effective_from: instant,
    position,
  }),
);
