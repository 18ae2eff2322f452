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
  text,
  transcriptionType,
  whole,
  type Schema,
  type ViewOf,
  counted,
} from '../http/openapi/schema';
import type { PeriodTotals } from '../domain/ledger';
import type { Limit } from './entitlement';
import type { PlanStretch } from './user-plan';

const sums = {
  transcriptions: count,
  billed_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  cost_cents: whole,
};
const limits = {
  minutes: nullable(decimal),
  sessions: nullable(count),
  file_size_bytes: nullable(count),
  export_formats: nullable(list(text)),
};
const planStretch = object<PlanStretch>({
  plan: text,
  from: { ...nullable(instant), description: 'Inclusive; null: from the beginning.' },
  to: { ...nullable(instant), description: 'Exclusive; null: until further notice.' },
  assigned: {
    ...flag,
    description:
      'Whether the plan was assigned; if not, it is the plan of users without an assignment.',
  },
  currency: { ...nullable(currency), description: 'The currency that the assignment set.' },
});
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
} satisfies Readonly<Record<keyof PeriodTotals, Schema>>;
const groupSums = {
  currency,
  transcriptions: count,
  billed_seconds: decimal,
  billable_minutes: decimal,
  cost: decimal,
  cost_cents: whole,
} satisfies Record<string, Schema>;
const { users: _, ...userTotals } = totals;
const limit = {
  name: {
    type: 'string',
    enum: ['minutes', 'sessions', 'file_size_bytes', 'export_format'],
  },
  used: nullable({ type: ['string', 'integer'] }),
  requested: { type: ['string', 'integer'] },
  limit: { type: ['string', 'integer', 'array', 'null'], items: text },
  allowed: flag,
  reason: nullable({
    type: 'string',
    enum: ['minutes_exceeded', 'sessions_exceeded', 'file_too_large', 'format_not_in_plan'],
  }),
} satisfies Readonly<Record<keyof Limit, Schema>>;

/** A month's totals over all users by currency, as in reports and closes. */
export const PERIOD_TOTALS = list(object<PeriodTotals>(totals));

const summary = {
  user_id: text,
  period,
  currency,
  sessions: count,
  ...counted,
  by_provider: list(object({ stt_provider: text, ...sums })),
  by_transcription_type: list(object({ transcription_type: transcriptionType, ...sums })),
  plan: text,
  limits: object(limits),
  remaining_minutes: nullable(decimal),
  closed: flag,
  other_currencies: list(currency),
  position,
} satisfies Readonly<Record<string, Schema>>;
export type SummaryView = ViewOf<typeof summary>;
export const SUMMARY = component('Summary', object<SummaryView>(summary));

const trend = {
  points: list(object({ from: instant, to: instant, ...sums, currency })),
  position,
} satisfies Readonly<Record<string, Schema>>;
export type TrendView = ViewOf<typeof trend>;
export const TREND = component('Trend', object<TrendView>(trend));

const entitlement = {
  allowed: flag,
  plan: text,
  limits: list(object<Limit>(limit)),
  position,
} satisfies Readonly<Record<string, Schema>>;
export type EntitlementView = ViewOf<typeof entitlement>;
export const ENTITLEMENT = component('Entitlement', object<EntitlementView>(entitlement));

export const PLAN_STRETCH = component('PlanStretch', planStretch);

const userPlan = {
  user_id: text,
  plan: text,
  effective_from: { ...nullable(instant), description: 'null: from the beginning.' },
  assigned: {
    ...flag,
    description:
      'Whether the plan was assigned; if not, it is the plan of users without an assignment.',
  },
  currency,
  included_minutes: decimal,
  limits: object(limits),
  next: { ...nullable(planStretch), description: 'The plan that replaces it later.' },
  position,
} satisfies Readonly<Record<string, Schema>>;
export type UserPlanView = ViewOf<typeof userPlan>;
export const USER_PLAN = component('UserPlan', object<UserPlanView>(userPlan));

const usageTotals = {
  user_id: text,
  first_usage_at: {
    ...nullable(instant),
    description: 'When the first log completed; null without one.',
  },
  last_usage_at: nullable(instant),
  totals: list(
    object({
      currency,
      periods: { ...count, description: 'Periods with a log, a failure or an adjustment.' },
      first_period: period,
      last_period: period,
      ...counted,
    }),
  ),
  position,
} satisfies Readonly<Record<string, Schema>>;
export type UsageTotalsView = ViewOf<typeof usageTotals>;
export const USAGE_TOTALS = component('UsageTotals', object<UsageTotalsView>(usageTotals));

const report = {
  period,
  totals: PERIOD_TOTALS,
  by_plan: list(object({ plan: text, ...groupSums })),
  by_provider: list(object({ stt_provider: text, ...groupSums })),
  by_day: list(object({ day: { type: 'string', format: 'date' }, ...groupSums })),
  top_users: list(object({ user_id: text, ...userTotals })),
  position,
} satisfies Readonly<Record<string, Schema>>;
export type ReportView = ViewOf<typeof report>;
export const REPORT = component('Report', object<ReportView>(report));
