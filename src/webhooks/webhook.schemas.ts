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
  type ViewOf,
  list,
} from '../http/openapi/schema';
import { DELIVERY_STATUS } from './deliveries';
import { HAPPENING_TYPES } from './happenings';
import { WEBHOOK_URL } from './webhook-body.dto';

const type: Schema = {
  type: 'string',
  enum: [...HAPPENING_TYPES],
};
const types: Schema = { ...list(type), minItems: 1, maxItems: HAPPENING_TYPES.length };
const secret: Schema = {
  type: 'string',
  pattern: '^whsec_[A-Za-z0-9+/]{43}=$',
  description: 'What signs the deliveries. No other answer shows it.',
};
const webhook = {
  id: text,
  url: WEBHOOK_URL,
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
} satisfies Readonly<Record<string, Schema>>;
export type WebhookView = ViewOf<typeof webhook>;
const delivery = {
  id: text,
  message_id: { ...text, description: 'The header `webhook-id`.' },
  type,
  status: { type: 'string', enum: [...DELIVERY_STATUS] },
  tries: count,
  last_status: nullable(count),
  last_error: nullable(text),
  next_try_at: nullable(instant),
  created_at: instant,
} satisfies Readonly<Record<string, Schema>>;
export type DeliveryView = ViewOf<typeof delivery>;

export const WEBHOOK = component('Webhook', object(webhook));

export const CHANGED_WEBHOOK = component('ChangedWebhook', object({ ...webhook, position }));

export const NEW_WEBHOOK = component('NewWebhook', object({ ...webhook, secret, position }));

export const ROTATED_WEBHOOK = component(
  'RotatedWebhook',
  object({
    ...webhook,
    secret,
    old_secret_until: {
      ...instant,
      description:
        'Until then the old secret also signs, and so do earlier ones that still signed.',
    },
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
