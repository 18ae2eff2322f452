import { atLeast, json, paging, parameter, problem, type Operation } from './operations';
import { page, ref, text } from './schema';

const id = parameter('id', 'path', text, 'Its id.');
const GONE = { description: 'It is deleted.' };

const bodyOf = (name: string): Operation => ({
  required: true,
  content: { 'application/json': { schema: ref(name) } },
});

/** Alerts and webhooks. */
export const TELLING_PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/alerts': {
    get: {
      tags: ['Finance'],
      summary: 'All alerts, oldest first.',
      parameters: [...paging, atLeast],
      responses: { 200: json(page(ref('Alert'))), default: problem },
    },
    post: {
      tags: ['Finance'],
      summary:
        'Make an alert: it is reached once a user and period, at once if it is passed already.',
      requestBody: bodyOf('AlertBody'),
      responses: { 201: json(ref('NewAlert'), 'Made.'), default: problem },
    },
  },
  '/v1/alerts/{id}': {
    delete: {
      tags: ['Finance'],
      summary: 'Delete an alert.',
      parameters: [id],
      responses: { 204: GONE, default: problem },
    },
  },
  '/v1/webhooks': {
    get: {
      tags: ['Webhooks'],
      summary: 'All webhooks, oldest first, never their secrets.',
      parameters: [...paging, atLeast],
      responses: { 200: json(page(ref('Webhook'))), default: problem },
    },
    post: {
      tags: ['Webhooks'],
      summary: 'Make a webhook. The answer is the only one that shows its secret.',
      requestBody: bodyOf('WebhookBody'),
      responses: { 201: json(ref('NewWebhook'), 'Made.'), default: problem },
    },
  },
  '/v1/webhooks/{id}': {
    patch: {
      tags: ['Webhooks'],
      summary: 'Change a webhook.',
      parameters: [id],
      requestBody: bodyOf('WebhookChange'),
      responses: { 200: json(ref('ChangedWebhook')), default: problem },
    },
    delete: {
      tags: ['Webhooks'],
      summary: 'Delete a webhook, and what was to be sent to it.',
      parameters: [id],
      responses: { 204: GONE, default: problem },
    },
  },
  '/v1/webhooks/{id}/test': {
    post: {
      tags: ['Webhooks'],
      summary: 'Send a `minutebook.test` now, and answer what the receiver answered.',
      parameters: [id],
      responses: { 200: json(ref('WebhookTest')), default: problem },
    },
  },
  '/v1/webhooks/{id}/rotate-secret': {
    post: {
      tags: ['Webhooks'],
      summary: 'Make a new secret; the old one signs beside it for 24 hours.',
      parameters: [id],
      responses: { 200: json(ref('RotatedWebhook')), default: problem },
    },
  },
  '/v1/webhooks/{id}/deliveries': {
    get: {
      tags: ['Webhooks'],
      summary: 'What was and is to be sent to a webhook, newest first; kept for 30 days.',
      parameters: [
        id,
        parameter(
          'status',
          'query',
          { type: 'string', enum: ['waiting', 'delivered', 'failed'] },
          'Those of one status.',
        ),
        ...paging,
        atLeast,
      ],
      responses: { 200: json(page(ref('Delivery'))), default: problem },
    },
  },
  '/v1/webhooks/{id}/deliveries/{delivery_id}/redeliver': {
    post: {
      tags: ['Webhooks'],
      summary: 'Send a delivery again now, whatever became of it.',
      parameters: [id, parameter('delivery_id', 'path', text, "The delivery's id.")],
      responses: { 202: json(ref('DeliveryAgain'), 'It is sent.'), default: problem },
    },
  },
};
