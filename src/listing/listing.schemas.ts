import type { LedgerEventType } from '../domain/ledger';
import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  nullable,
  object,
  period,
  position,
  text,
  transcriptionType,
  whole,
} from '../http/openapi/schema';
import { ATTEMPT_STATUSES, type WrittenView } from '../read-model/views';
import type { ListedAdjustment } from './adjustments';
import type { ListedLog } from './logs';
import type { ListedSession } from './sessions';
import type { UserView } from './users';

export const USER = component(
  'User',
  object<UserView>({
    user_id: text,
    plan: { ...text, description: 'In force now.' },
    currency,
    first_period: {
      ...period,
      description: 'The first period with a log, a failure or an adjustment.',
    },
    last_period: period,
  }),
);

export const LISTED_SESSION = component(
  'ListedSession',
  object<ListedSession>({
    session_id: text,
    user_id: { ...nullable(text), description: 'null from a void to the next fact.' },
    attempts: count,
    status: {
      ...nullable({
        type: 'string',
        enum: [...ATTEMPT_STATUSES],
      }),
      description: 'Status of the last attempt.',
    },
  }),
);

export const LISTED_USAGE_LOG = component(
  'ListedUsageLog',
  object<ListedLog>({
    id: text,
    session_id: text,
    user_id: text,
    attempt: count,
    transcription_type: transcriptionType,
    stt_provider: text,
    duration_seconds: decimal,
    completed_at: instant,
    billing_period: period,
    currency,
  }),
);

export const LISTED_ADJUSTMENT = component(
  'ListedAdjustment',
  object<ListedAdjustment>({
    id: text,
    user_id: text,
    period: { ...period, description: 'The period that it names.' },
    billing_period: { ...period, description: 'The period in which it counts.' },
    amount_cents: whole,
    currency,
    reason: text,
    author: text,
    reference: nullable(text),
    voids: nullable(text),
    voided_by: { ...nullable(text), description: 'The adjustment that voids this one.' },
    recorded_at: instant,
    position,
  }),
);

/** Which of the ledger's events record a write by finance. */
const IS_WRITE: Readonly<Record<LedgerEventType, boolean>> = {
  'rate_card.published': true,
  'plan.defined': true,
  'plan.defaulted': true,
  'plan.assigned': true,
  'usage.adjusted': true,
  'session.voided': true,
  'billing_period.closed': true,
  'ledger.opened': false,
  'ledger.restored': false,
  'ledger.continued': false,
  'user.erased': false,
};
const WRITES = Object.entries(IS_WRITE).flatMap(([type, isWrite]) => (isWrite ? [type] : []));

export const WRITTEN = component(
  'Written',
  object<WrittenView>({
    position,
    recorded_at: instant,
    type: { type: 'string', enum: WRITES },
    stream: text,
    author: {
      ...nullable(text),
      description:
        'Null only if an earlier version recorded it and it is not an adjustment or a void.',
    },
    reason: nullable(text),
    user_id: nullable(text),
    session_id: nullable(text),
    period: nullable(period),
    data: { type: 'object', description: 'What the event says.' },
  }),
);
