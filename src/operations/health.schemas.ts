import { component } from '../http/openapi/components';
import { instant, nullable, object, position, text, whole, list } from '../http/openapi/schema';

export const LIVENESS = component('Liveness', object({ status: { const: 'ok' } }));

export const READINESS = component(
  'Readiness',
  object({
    status: { type: 'string', enum: ['ok', 'unavailable'] },
    event_store: { type: 'string', enum: ['ok', 'unavailable'] },
    head: nullable(position),
    read_model: object({
      position,
      behind: nullable(whole),
      max_behind: { ...whole, description: 'Beyond it the service is not ready.' },
      trouble: { ...nullable(text), description: 'Why the projection stands still.' },
      waits: { ...nullable(text), description: 'What it waits for, such as a rebuild.' },
    }),
    instance: object({ advances: { type: 'boolean' }, trouble: nullable(text) }),
    signed_roots: object({ trouble: nullable(text) }),
    background_check: object({
      state: { type: 'string', enum: ['off', 'waiting', 'running'] },
      faults: {
        ...nullable(whole),
        description: 'What the last pass found; null before there was one.',
      },
      kinds: { ...list(text), description: 'Which kinds they are; `verify` describes each.' },
      finished_at: { ...nullable(instant), description: 'When the last pass ended.' },
      trouble: { ...nullable(text), description: 'Why passes do not come to their end.' },
    }),
  }),
);
