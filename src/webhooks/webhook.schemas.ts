import { component } from '../http/openapi/components';
import {
  count,
  flag,
  instant,
  name,
  nullable,
  object,
  position,
  text,
  type Schema,
  list,
} from '../http/openapi/schema';

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

export const WEBHOOK = component('Webhook', object(webhook));

export const CHANGED_WEBHOOK = component('ChangedWebhook', object({ ...webhook, position }));

export const NEW_WEBHOOK = component('NewWebhook', object({ ...webhook, secret, position }));

export const ROTATED_WEBHOOK = component(
  'RotatedWebhook',
  object({
    ...webhook,
    secret,
    old_secret_until: { ...instant, description: 'Until then the old secret signs, too.' },
    position,
  }),
);

export const WEBHOOK_TEST = component(
  'WebhookTest',
  object({
    message_id: text,
    delivered: flag,
    status: nullable(count),
    error: nullable(text),
    body: { ...nullable(text), description: 'What the receiver answered, up to 4 KiB.' },
    duration_ms: count,
    position,
  }),
);

export const DELIVERY = component('Delivery', object(delivery));

export const DELIVERY_AGAIN = component('DeliveryAgain', object({ ...delivery, position }));
