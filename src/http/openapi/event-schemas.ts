import { CATALOGUE } from '../../domain/events/catalogue';
import { eventSchema } from '../../domain/events/event-schema';
import { list, nullable, object, position, ref, text, type Schema } from './schema';

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
