import { CATALOGUE } from '../../domain/events/catalogue';
import { dataSchema, eventSchema } from '../../domain/events/event-schema';
import type { FactKind, JsonObject } from '../../domain/events/facts';

const KINDS = Object.keys(CATALOGUE) as readonly FactKind[];

const SUMMARIES: Readonly<Record<FactKind, string>> = {
  started: 'A worker began an attempt at a session.',
  completed: 'An attempt ended with a transcript.',
  failed: 'An attempt ended without one.',
  retried: 'Somebody requested another attempt.',
};

const SENT: Readonly<Record<FactKind, readonly [id: string, time: string, data: JsonObject]>> = {
  started: ['rec-1|1|started', '2026-10-05T10:00:00.000Z', { stt_provider: 'google' }],
  completed: [
    'rec-1|1|completed',
    '2026-10-05T10:01:33.000Z',
    { stt_provider: 'google', duration_seconds: '90.25', speaker_count: 2, language: 'en' },
  ],
  failed: [
    'rec-1|2|failed',
    '2026-10-05T10:06:10.000Z',
    { attempt: 2, stt_provider: 'google', error_code: 'provider_timeout' },
  ],
  retried: ['rec-1|2|retried', '2026-10-05T10:05:00.000Z', { attempt: 2, requested_by: 'ann' }],
};

function example(kind: FactKind): JsonObject {
  const [id, time, data] = SENT[kind];
  return {
    specversion: '1.0',
    id,
    source: 'worker/eu-1',
    type: CATALOGUE[kind].type,
    time,
    data: { session_id: 'rec-1', user_id: 'ann', ...data },
  };
}

/**
 * The JSON schemas (2020-12) of the event types, by file name, such as `transcription.session.completed.json`. The
 * `dataschema` of a CloudEvent may be `#/$defs/data` in one of these.
 */
export const EVENT_SCHEMA_FILES: Readonly<Record<string, JsonObject>> = Object.fromEntries(
  KINDS.map((kind) => [`${CATALOGUE[kind].type}.json`, schemaFile(kind)]),
);

function schemaFile(kind: FactKind): JsonObject {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: CATALOGUE[kind].type,
    description: SUMMARIES[kind],
    ...eventSchema(CATALOGUE[kind], { $ref: '#/$defs/data' }),
    examples: [example(kind)],
    $defs: { data: dataSchema(CATALOGUE[kind]) },
  };
}

function titled(kind: FactKind): string {
  return `session_${kind}`;
}

function message(kind: FactKind): JsonObject {
  const { type } = CATALOGUE[kind];
  return {
    name: type,
    title: type,
    summary: SUMMARIES[kind],
    contentType: 'application/cloudevents+json',
    payload: { $ref: `#/components/schemas/${titled(kind)}` },
    examples: [{ name: kind, payload: example(kind) }],
  };
}

function byTitle(of: (kind: FactKind) => JsonObject): JsonObject {
  return Object.fromEntries(KINDS.map((kind) => [titled(kind), of(kind)]));
}

/** Returns an AsyncAPI 3.0 document of what producers send. The service checks events by the same schemas. */
export function describeEvents(): JsonObject {
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Minutebook: the events of producers',
      version: '0.1.0',
      description:
        'CloudEvents 1.0 over HTTP: what happened to transcription sessions. They are shown in structured mode; the service also takes batches and binary mode. Sending an event again is always safe.',
      license: { name: 'Apache-2.0' },
      contact: { name: 'Whoever runs this service' },
      tags: [{ name: 'Producers', description: 'Workers report what happened to a session.' }],
    },
    defaultContentType: 'application/cloudevents+json',
    servers: {
      service: {
        host: '{host}',
        protocol: 'http',
        description: 'The service that serves this document.',
        variables: { host: { default: '127.0.0.1:3000', description: 'Host and port.' } },
        security: [{ $ref: '#/components/securitySchemes/key' }],
      },
    },
    channels: {
      events: {
        address: '/v1/events',
        description: 'POST one event, or a batch of up to 10,000.',
        messages: byTitle((kind) => ({ $ref: `#/components/messages/${titled(kind)}` })),
      },
    },
    operations: {
      recordEvents: {
        action: 'receive',
        channel: { $ref: '#/channels/events' },
        summary: 'Record what happened to a session.',
        description:
          'Facts may arrive in any order and any number of times. Within a session, `source` and `id` identify a fact forever.',
        messages: KINDS.map((kind) => ({ $ref: `#/channels/events/messages/${titled(kind)}` })),
        bindings: { http: { method: 'POST', bindingVersion: '0.3.0' } },
      },
    },
    components: {
      securitySchemes: {
        key: { type: 'http', scheme: 'bearer', description: 'An API key of the role `producer`.' },
      },
      messages: byTitle(message),
      schemas: byTitle((kind) => eventSchema(CATALOGUE[kind])),
    },
  };
}
