import {
  count,
  currency,
  decimal,
  flag,
  instant,
  list,
  name,
  nullable,
  object,
  position,
  text,
  type Schema,
} from './schema';

const userId: Schema = { type: 'string', pattern: '^(?!\\.{1,2}$)[A-Za-z0-9._:@-]{1,128}$' };
const metric: Schema = {
  type: 'string',
  enum: ['billable_minutes', 'cost_cents', 'sessions', 'ledger_cost_cents'],
};
const type: Schema = {
  type: 'string',
  enum: [
    'minutebook.alert.reached',
    'minutebook.billing_period.closed',
    'minutebook.adjustment.recorded',
    'minutebook.attempt.unrated',
    'minutebook.attempt.waiting',
    'minutebook.verification.failed',
    'minutebook.user.erased',
  ],
};
const types: Schema = { ...list(type), minItems: 1, maxItems: 7 };
const url: Schema = {
  type: 'string',
  maxLength: 2_048,
  description: 'https, and to a public address. Another one is 422 `webhook_url_not_allowed`.',
};
const secret: Schema = {
  type: 'string',
  pattern: '^whsec_[A-Za-z0-9+/]{43}=$',
  description: 'What signs the deliveries. No other answer shows it.',
};

const alert = {
  id: text,
  name,
  metric,
  threshold: nullable(decimal),
  share_of_limit: nullable(decimal),
  user_id: nullable(userId),
  currency: nullable(currency),
  created_at: instant,
} satisfies Record<string, Schema>;
const webhook = {
  id: text,
  url,
  types,
  name,
  enabled: flag,
  off_because: nullable({
    type: 'string',
    enum: ['too_many_waiting'],
    description: 'Why the service turned it off.',
  }),
  off_at: nullable(instant),
  created_at: instant,
} satisfies Record<string, Schema>;
const delivery = {
  id: text,
  message_id: { ...text, description: 'The header `webhook-id`.' },
  type,
  status: { type: 'string', enum: ['waiting', 'delivered', 'failed'] },
  tries: count,
  last_status: nullable(count),
  last_error: nullable(text),
  next_try_at: nullable(instant),
  created_at: instant,
} satisfies Record<string, Schema>;

/** Alerts and webhooks. */
export const TELLING_SCHEMAS: Readonly<Record<string, Schema>> = {
  Alert: object(alert),
  NewAlert: object({ ...alert, position }),
  Webhook: object(webhook),
  ChangedWebhook: object({ ...webhook, position }),
  NewWebhook: object({ ...webhook, secret, position }),
  RotatedWebhook: object({
    ...webhook,
    secret,
    old_secret_until: { ...instant, description: 'Until then the old secret signs, too.' },
    position,
  }),
  WebhookTest: object({
    message_id: text,
    delivered: flag,
    status: nullable(count),
    error: nullable(text),
    body: { ...nullable(text), description: 'What the receiver answered, up to 4 KiB.' },
    duration_ms: count,
    position,
  }),
  Delivery: object(delivery),
  DeliveryAgain: object({ ...delivery, position }),
};
