import type { Answer } from '../http/openapi/describe';
import { text, type Schema } from '../http/openapi/schema';

/** Describes the answer of an endpoint that starts a job. */
export function accepted(job: Schema): Answer {
  return {
    description: 'Accepted. The header `location` holds the address of the job.',
    content: { 'application/json': job },
  };
}

/** Describes the answer that shows a job: as JSON, as events while it runs, or in other forms. */
export function progressOf(job: Schema, others: Readonly<Record<string, Schema>> = {}): Answer {
  const events = 'Server-sent events: `progress` from time to time, one `result` at the end.';
  return {
    description: 'Its current state.',
    content: {
      'application/json': job,
      'text/event-stream': { ...text, description: events },
      ...others,
    },
  };
}
