import { CATALOGUE } from '../domain/events/catalogue';
import { eventSchema } from '../domain/events/event-schema';
import { component } from '../http/openapi/components';
import { list, nullable, object, position, text, type Schema } from '../http/openapi/schema';
import { MAX_BATCH } from './cloud-events-request';

const EVENT = component('Event', {
  oneOf: Object.entries(CATALOGUE).map(([kind, shape]) =>
    component(`Session${kind[0]!.toUpperCase()}${kind.slice(1)}`, eventSchema(shape)),
  ),
});

/** The body that producers post, in the three modes of CloudEvents. */
export const EVENTS = {
  'application/cloudevents+json': EVENT,
  'application/cloudevents-batch+json': { ...list(EVENT), maxItems: MAX_BATCH },
  'application/json': { type: 'object', description: "Binary mode: the event's data." },
} satisfies Readonly<Record<string, Schema>>;

const VERDICT = component(
  'Verdict',
  object(
    {
      id: nullable(text),
      source: nullable(text),
      status: { type: 'string', enum: ['recorded', 'duplicate', 'rejected'] },
      position: nullable(position),
      code: text,
      detail: text,
      pointer: nullable(text),
      fields: nullable(list(text)),
    },
    ['code', 'detail', 'pointer', 'fields'],
  ),
);

export const RECORDED = component('Recorded', object({ position, results: list(VERDICT) }));

export const EVENTS_REJECTED = component(
  'EventsRejected',
  object({
    type: text,
    title: text,
    status: { const: 422 },
    code: { const: 'events_rejected' },
    detail: text,
    position,
    results: list(VERDICT),
  }),
);
