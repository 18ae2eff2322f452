import { CATALOGUE, type EventShape } from '../domain/events/catalogue';
import { dataSchema, eventSchema } from '../domain/events/event-schema';
import { component } from '../http/openapi/components';
import { list, nullable, object, position, text, type Schema } from '../http/openapi/schema';
import { MAX_BATCH } from './cloud-events-request';

/** Describes an event of any kind. @param prefix goes before the name of each component. */
function eventOf(prefix: string, schemaOf: (shape: EventShape) => Schema): Schema {
  return component(`${prefix}Event`, {
    oneOf: Object.entries(CATALOGUE).map(([kind, shape]) => {
      const name = `${prefix}Session${kind[0]!.toUpperCase()}${kind.slice(1)}`;
      return component(name, schemaOf(shape));
    }),
  });
}

/** The body that producers post, in the three modes of CloudEvents. */
function inThreeModes(event: Schema): Readonly<Record<string, Schema>> {
  return {
    'application/cloudevents+json': event,
    'application/cloudevents-batch+json': { ...list(event), maxItems: MAX_BATCH },
    'application/json': { type: 'object', description: "Binary mode: the event's data." },
  };
}

export const EVENTS = inThreeModes(eventOf('', (shape) => eventSchema(shape)));

/** The same as OpenMeter's clients write it: `subject` may name the user. */
export const OPENMETER_EVENTS = inThreeModes(
  eventOf('OpenMeter', (shape) => {
    const required = [...shape.required].filter((name) => name !== 'user_id');
    const data = dataSchema({ ...shape, required: new Set(required) });
    return eventSchema(shape, data, {
      type: 'string',
      description:
        'The user, if data.user_id is left out or the same. Otherwise it equals data.session_id.',
    });
  }),
);

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
