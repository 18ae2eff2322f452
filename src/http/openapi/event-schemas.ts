import { CATALOGUE } from '../../domain/events/catalogue';
import { list, nullable, object, position, ref, text, type Schema } from './schema';

/** An event type as producers send it, made from the catalogue. */
function eventSchema({
  type,
  fields,
  required,
}: (typeof CATALOGUE)[keyof typeof CATALOGUE]): Schema {
  const data = Object.fromEntries(
    fields.map(([name, field]) => [
      name,
      required.has(name) ? field.schema : nullable(field.schema),
    ]),
  );
  const name: Schema = { type: 'string', minLength: 1, maxLength: 512 };
  return {
    type: 'object',
    properties: {
      specversion: { const: '1.0' },
      id: name,
      source: name,
      type: { const: type },
      time: { type: 'string', format: 'date-time', description: 'When it happened; required.' },
      subject: { type: 'string', description: 'If present, it must equal data.session_id.' },
      datacontenttype: { type: 'string' },
      data: {
        type: 'object',
        properties: data,
        required: [...required],
        additionalProperties: false,
      },
    },
    required: ['specversion', 'id', 'source', 'type', 'time', 'data'],
    // Extension attributes.
    additionalProperties: { type: ['string', 'boolean', 'integer', 'null'] },
  };
}

/** The events that producers send, and the answers. */
export const EVENT_SCHEMAS: Readonly<Record<string, Schema>> = {
  SessionStarted: eventSchema(CATALOGUE.started),
  SessionCompleted: eventSchema(CATALOGUE.completed),
  SessionFailed: eventSchema(CATALOGUE.failed),
  SessionRetried: eventSchema(CATALOGUE.retried),
  Event: {
    oneOf: ['SessionStarted', 'SessionCompleted', 'SessionFailed', 'SessionRetried'].map(ref),
  },
  Verdict: object(
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
  Recorded: object({ position, results: list(ref('Verdict')) }),
  EventsRejected: object({
    type: text,
    title: text,
    status: { const: 422 },
    code: { const: 'events_rejected' },
    detail: text,
    position,
    results: list(ref('Verdict')),
  }),
};
