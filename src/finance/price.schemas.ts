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

const quantity = {
  per_seconds: decimal,
  increment_seconds: decimal,
  increment_rounding: { type: 'string', enum: ['up', 'half_up', 'down'] },
  minimum_seconds: decimal,
  channels: { type: 'string', enum: ['ignore', 'each', 'pairs'] },
  extra_increments: count,
} satisfies Record<string, Schema>;
const tier = object({ up_to_minutes: nullable(decimal), amount: decimal, flat_amount: decimal });
const price = object(
  {
    ...quantity,
    amount: decimal,
    tier_mode: { type: 'string', enum: ['graduated', 'volume'] },
    tiers: list(tier),
  },
  ['amount', 'tier_mode', 'tiers'],
);
const card = {
  currency,
  effective_from: instant,
  rounding: { type: 'string', enum: ['half_up', 'half_even', 'up', 'down'] },
  retry_after_failure: { type: 'string', enum: ['bill_first_success', 'free', 'bill'] },
  surcharges: object(
    {
      speakers_included: count,
      per_extra_speaker: decimal,
      confidence_threshold: decimal,
      low_confidence: decimal,
    },
    ['speakers_included', 'per_extra_speaker', 'confidence_threshold', 'low_confidence'],
  ),
  prices: { type: 'object', additionalProperties: price, minProperties: 1 },
} satisfies Record<string, Schema>;
const planTerms = {
  included_minutes: decimal,
  minutes: nullable(decimal),
  sessions: nullable(count),
  file_size_bytes: nullable(count),
  export_formats: nullable(list(text)),
} satisfies Record<string, Schema>;

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
