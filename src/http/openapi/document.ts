import { PROBLEM_CODES } from '../problem';
import { AUDIT_SCHEMAS } from './audit-schemas';
import { EVENT_SCHEMAS } from './event-schemas';
import { FINANCE_SCHEMAS } from './finance-schemas';
import { JOB_SCHEMAS } from './job-schemas';
import { PATHS } from './paths';
import { USAGE_SCHEMAS } from './usage-schemas';

const DESCRIPTION = `An event-sourced billing ledger for speech-to-text. Workers post facts; usage logs, summaries and
cents are derived from them. Counts and cents are JSON numbers; seconds, minutes, costs and amounts are decimal
strings; times are RFC 3339 in UTC with milliseconds; ranges are half-open.`;

/** The description of the API: OpenAPI 3.1. */
export function describeApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Minutebook',
      version: '0.1.0',
      description: DESCRIPTION,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    tags: ['Producers', 'Readers', 'Finance', 'Audit', 'Operations'].map((name) => ({ name })),
    paths: PATHS,
    components: {
      schemas: {
        ...EVENT_SCHEMAS,
        ...USAGE_SCHEMAS,
        ...FINANCE_SCHEMAS,
        ...AUDIT_SCHEMAS,
        ...JOB_SCHEMAS,
        Code: { type: 'string', enum: PROBLEM_CODES },
      },
    },
  };
}
