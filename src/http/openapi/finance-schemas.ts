import { FINANCE_BODIES } from './finance-bodies';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  period,
  position,
  ref,
  text,
  whole,
  type Schema,
} from './schema';

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

const totals = {
  currency,
  users: count,
  transcriptions: count,
  billed_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  usage_cost_cents: whole,
  adjustments_cents: whole,
  cost_cents: whole,
} satisfies Record<string, Schema>;
const groupSums = {
  currency,
  transcriptions: count,
  billed_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  cost_cents: whole,
} satisfies Record<string, Schema>;
const { users: _, ...userTotals } = totals;

const leakKind: Schema = { type: 'string', enum: ['unfinished', 'pending', 'unrated'] };
const hash: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const close = {
  period,
  from: instant,
  to: instant,
  size: count,
  root: hash,
  totals: list(object(totals)),
  closed_at: instant,
} satisfies Record<string, Schema>;

/** Answers for finance. */
export const FINANCE_SCHEMAS: Readonly<Record<string, Schema>> = {
  ...FINANCE_BODIES,
  RateCard: object({ rate_card_id: text, ...card, position }, ['position']),
  Plan: object({ plan: text, ...planTerms, position }, ['position']),
  DefaultPlan: object({ plan: text, effective_from: instant, position }),
  AssignedPlan: object({
    user_id: text,
    plan: text,
    currency,
    effective_from: instant,
    position,
  }),
  Adjustment: object({
    id: text,
    user_id: text,
    period,
    amount_cents: whole,
    currency,
    reason: text,
    author: text,
    reference: nullable(text),
    voids: nullable(text),
    recorded_at: instant,
    position,
  }),
  Close: object({ ...close, position }),
  BillingPeriod: object({
    period,
    from: instant,
    to: instant,
    size: nullable(count),
    root: nullable(hash),
    totals: nullable(list(object(totals))),
    closed_at: nullable(instant),
    state: { type: 'string', enum: ['open', 'closed'] },
  }),
  Report: object({
    period,
    totals: list(object(totals)),
    by_plan: list(object({ plan: text, ...groupSums })),
    by_provider: list(object({ stt_provider: text, ...groupSums })),
    by_day: list(object({ day: { type: 'string', format: 'date' }, ...groupSums })),
    top_users: list(object({ user_id: text, ...userTotals })),
    position,
  }),
  LedgerEvent: object({
    position,
    index: count,
    stream: text,
    type: text,
    recorded_at: instant,
    event: { type: 'object', description: 'As it is stored.' },
    leaf: { type: 'string', description: 'The text that the Merkle log hashes.' },
  }),
  LeakReport: object({
    items: list(
      object({
        kind: leakKind,
        user_id: text,
        session_id: text,
        attempt: count,
        since: instant,
        age_seconds: count,
        value_at_risk: nullable(decimal),
        currency: nullable(currency),
        action: text,
      }),
    ),
    next_cursor: nullable(text),
    totals: nullable(
      list(
        object({
          kind: leakKind,
          currency: nullable(currency),
          count,
          value_at_risk: nullable(decimal),
          without_value: count,
        }),
      ),
    ),
  }),
  Liveness: object({ status: { const: 'ok' } }),
  Readiness: object({
    status: { type: 'string', enum: ['ok', 'unavailable'] },
    event_store: { type: 'string', enum: ['ok', 'unavailable'] },
    head: nullable(position),
    read_model: object({
      position,
      behind: nullable(whole),
      max_behind: { ...whole, description: 'Beyond it the service is not ready.' },
      trouble: { ...nullable(text), description: 'Why the projection stands still.' },
      waits: { ...nullable(text), description: 'What it waits for, such as a rebuild.' },
    }),
    instance: object({ advances: { type: 'boolean' }, trouble: nullable(text) }),
    signed_roots: object({ trouble: nullable(text) }),
    background_check: object({
      state: { type: 'string', enum: ['off', 'waiting', 'running'] },
      faults: {
        ...nullable(whole),
        description: 'What the last pass found; null before there was one.',
      },
      kinds: { ...list(text), description: 'Which kinds they are; `verify` describes each.' },
      finished_at: { ...nullable(instant), description: 'When the last pass ended.' },
      trouble: { ...nullable(text), description: 'Why passes do not come to their end.' },
    }),
  }),
  Problem: object(
    {
      type: text,
      title: text,
      status: whole,
      code: ref('Code'),
      detail: text,
      pointer: text,
      fields: list(text),
    },
    ['pointer', 'fields'],
  ),
};
