import type { Answer } from '../http/openapi/describe';
import { text, type Schema } from '../http/openapi/schema';

/** What starts a job answers. */
export function accepted(job: Schema): Answer {
  return {
    description: 'Accepted. The header location has the address of the job.',
    content: { 'application/json': job },
  };
}

/** Where a job stands: as JSON, as events while it runs, or as what else it has. */
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
