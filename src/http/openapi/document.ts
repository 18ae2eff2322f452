import { PROBLEM_CODES } from '../problem';
import { AUDIT_SCHEMAS } from './audit-schemas';
import { EVENT_SCHEMAS } from './event-schemas';
import { FINANCE_SCHEMAS } from './finance-schemas';
import { JOB_SCHEMAS } from './job-schemas';
import { KEY_SCHEMAS } from './key-schemas';
import type { Operation } from './operations';
import { PATHS } from './paths';
import { RECONCILIATION_SCHEMAS } from './reconciliation-schemas';
import { TELLING_SCHEMAS } from './telling-schemas';
import { USAGE_SCHEMAS } from './usage-schemas';

const DESCRIPTION = `An event-sourced billing ledger for speech-to-text. Workers post facts; usage logs, summaries and
cents are derived from them. Counts and cents are JSON numbers; seconds, minutes, costs and amounts are decimal
strings; times are RFC 3339 in UTC with milliseconds; ranges are half-open.`;

const BEARER = 'key';

/** The role that an operation is for, by its tag; those that hold another one may cover it. */
const ROLE_OF: Readonly<Record<string, string | undefined>> = {
  Producers: 'producer',
  Readers: 'reader',
  Finance: 'finance',
  Audit: 'finance',
  Keys: 'admin',
  Webhooks: 'admin',
  Operations: undefined,
};

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
    tags: Object.keys(ROLE_OF).map((name) => ({ name })),
    paths: Object.fromEntries(
      Object.entries(PATHS).map(([path, operations]) => [path, secured(operations)]),
    ),
    components: {
      securitySchemes: {
        [BEARER]: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key, or a JWT. Its role decides what it opens.',
        },
      },
      schemas: {
        ...EVENT_SCHEMAS,
        ...USAGE_SCHEMAS,
        ...FINANCE_SCHEMAS,
        ...AUDIT_SCHEMAS,
        ...JOB_SCHEMAS,
        ...KEY_SCHEMAS,
        ...TELLING_SCHEMAS,
        ...RECONCILIATION_SCHEMAS,
        Code: { type: 'string', enum: PROBLEM_CODES },
      },
    },
  };
}

/** Operations with what they ask for, in the words of OpenAPI. */
function secured(operations: Readonly<Record<string, Operation>>): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      const [tag = ''] = operation['tags'] as readonly string[];
      const role = ROLE_OF[tag];
      return [method, { ...operation, security: role === undefined ? [] : [{ [BEARER]: [role] }] }];
    }),
  );
}
