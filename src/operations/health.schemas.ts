import { component } from '../http/openapi/components';
import {
  instant,
  list,
  nullable,
  object,
  position,
  text,
  whole,
  type Schema,
  type ViewOf,
} from '../http/openapi/schema';

export const LIVENESS = component('Liveness', object({ status: { const: 'ok' } }));

/** Allows null: until the store and the read model's database are reached, nothing is known. */
function unlessStarting(schema: Schema): Schema {
  return { ...nullable(schema), description: 'null while the service waits for its store.' };
}

const readiness = {
  status: { type: 'string', enum: ['ok', 'unavailable'] },
  event_store: { type: 'string', enum: ['ok', 'unavailable'] },
  head: nullable(position),
  read_model: unlessStarting(
    object({
      position,
      behind: nullable(whole),
      max_behind: { ...whole, description: 'If `behind` is above this, the service is not ready.' },
      trouble: { ...nullable(text), description: 'Why the projection has stopped.' },
      waits: { ...nullable(text), description: 'What it waits for, such as a rebuild.' },
    }),
  ),
  instance: unlessStarting(object({ advances: { type: 'boolean' }, trouble: nullable(text) })),
  signed_roots: unlessStarting(object({ trouble: nullable(text) })),
  background_check: unlessStarting(
    object({
      state: { type: 'string', enum: ['off', 'waiting', 'running'] },
      faults: {
        ...nullable(whole),
        description: 'What the last pass found; null before the first pass.',
      },
      kinds: { ...list(text), description: 'The kinds of these faults; `verify` describes each.' },
      finished_at: { ...nullable(instant), description: 'When the last pass ended.' },
      trouble: { ...nullable(text), description: 'Why passes do not finish.' },
    }),
  ),
} satisfies Readonly<Record<string, Schema>>;
export type ReadinessView = ViewOf<typeof readiness>;
export const READINESS = component('Readiness', object<ReadinessView>(readiness));
