import { BILLING_REASONS } from '../domain/rating/classify';
import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  flag,
  instant,
  list,
  nullable,
  object,
  period,
  position,
  ref,
  text,
  transcriptionType,
  whole,
  type Schema,
} from '../http/openapi/schema';
import {
  ATTEMPT_STATUSES,
  type AttemptView,
  type UsageLogView,
  type WaitingView,
} from '../read-model/views';

const log = {
  id: text,
  session_id: text,
  user_id: text,
  client_id: nullable(text),
  attempt: count,
  retry_count: count,
  transcription_type: transcriptionType,
  billable: flag,
  billing_reason: {
    type: 'string',
    enum: [...BILLING_REASONS],
  },
  parent_log_id: nullable(text),
  stt_provider: text,
  duration_seconds: decimal,
  billed_seconds: decimal,
  included_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  cost_cents: whole,
  currency,
  usage_period: period,
  billing_period: period,
  late: flag,
  plan: text,
  rate_card_id: nullable(text),
  started_at: nullable(instant),
  completed_at: instant,
  processing_time_seconds: nullable(decimal),
  language: nullable(text),
  enable_diarization: nullable(flag),
  original_filename: nullable(text),
  file_size_bytes: nullable(count),
  channels: count,
  speaker_count: nullable(count),
  confidence_score: nullable({ type: 'number' }),
  word_count: nullable(count),
  character_count: nullable(count),
  provider_metadata: nullable({ type: 'object' }),
  position,
  erased: {
    type: 'boolean',
    description: 'Whether its user has since been erased. Its personal values are then null.',
  },
} satisfies Readonly<Record<keyof UsageLogView, Schema>>;
function step(name: string, numbers: Record<string, Schema>): Schema {
  return object({ step: { const: name }, text, ...numbers });
}

export const USAGE_LOG = component('UsageLog', object(log));

const STEP = component('Step', {
  oneOf: [
    step('quantity', {
      duration_seconds: decimal,
      minimum_seconds: decimal,
      increment_seconds: decimal,
      increment_rounding: text,
      extra_increments: count,
      channels_factor: count,
      billed_seconds: decimal,
    }),
    step('allowance', {
      left_before: decimal,
      included_seconds: decimal,
      charged_seconds: decimal,
    }),
    step('price', {
      entry: text,
      before_seconds: decimal,
      parts: list(
        object({ seconds: decimal, amount: decimal, per_seconds: decimal, flat_amount: decimal }),
      ),
    }),
    step('surcharges', { factor: decimal }),
    step('cost', { cost: decimal }),
    step('cents', {
      running_total: decimal,
      rounding: text,
      cents_before: whole,
      cost_cents: whole,
    }),
  ],
});

export const EXPLAINED_USAGE_LOG = component(
  'ExplainedUsageLog',
  object({
    ...log,
    explanation: object({
      events: list(object({ position, stream: text, type: text, recorded_at: instant, event: {} })),
      events_complete: flag,
      rate_card: nullable(ref('RateCard')),
      plan: nullable(ref('Plan')),
      steps: list(STEP),
    }),
  }),
);

export const SESSION = component(
  'Session',
  object(
    {
      session_id: text,
      user_id: nullable(text),
      attempts: list(
        object<AttemptView>({
          attempt: count,
          status: { type: 'string', enum: [...ATTEMPT_STATUSES] },
          transcription_type: nullable(transcriptionType),
          billable: nullable(flag),
          started_at: nullable(instant),
          completed_at: nullable(instant),
        }),
      ),
      usage_logs: list(USAGE_LOG),
      cost: decimal,
      cost_cents: whole,
      currency: nullable(currency),
      next_attempt: object({
        attempt: count,
        transcription_type: nullable(transcriptionType),
        billable: nullable(flag),
      }),
      position,
    },
    ['position'],
  ),
);

export const WAITING = component(
  'Waiting',
  object<WaitingView & { readonly age_seconds: number }>({
    status: { type: 'string', enum: ['pending', 'unrated'] },
    user_id: text,
    session_id: text,
    attempt: count,
    stt_provider: text,
    duration_seconds: decimal,
    completed_at: instant,
    age_seconds: count,
    value_at_risk: nullable(decimal),
    currency,
    position,
  }),
);
