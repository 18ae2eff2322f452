import { PROBLEM_CODES } from '../problem';
import { AUDIT_SCHEMAS } from './audit-schemas';
import { components } from './components';
import { DESCRIPTIONS } from './descriptions';
import { EVENT_SCHEMAS } from './event-schemas';
import { FINANCE_SCHEMAS } from './finance-schemas';
import { illustrated } from './illustrated';
import { JOB_SCHEMAS } from './job-schemas';
import { KEY_SCHEMAS } from './key-schemas';
import { LISTING_SCHEMAS } from './listing-schemas';
import { problem, type Operation } from './operations';
import { PATHS } from './paths';
import { RECONCILIATION_SCHEMAS } from './reconciliation-schemas';
import { TELLING_SCHEMAS } from './telling-schemas';
import { USAGE_SCHEMAS } from './usage-schemas';

const DESCRIPTION = `An event-sourced billing ledger for speech-to-text. Workers post facts; usage logs, summaries and
cents are derived from them. Counts and cents are JSON numbers; seconds, minutes, costs and amounts are decimal
strings; times are RFC 3339 in UTC with milliseconds; ranges are half-open.

The [guide](/docs/guide/) has a tutorial, how-tos and the reference. Finance works in the [console](/console/).`;

const BEARER = 'key';

/** What an operation's tag says: what it is about, and the role that it is for; those that hold another one may cover it. */
const TAGS: Readonly<Record<string, { readonly description: string; readonly role?: string }>> = {
  Producers: { description: 'Workers tell what happened to a session.', role: 'producer' },
  Readers: { description: 'Usage, limits and explained charges.', role: 'reader' },
  Finance: { description: 'Prices, plans, adjustments and closes.', role: 'finance' },
  Audit: { description: 'The ledger itself, replays, exports and proofs.', role: 'finance' },
  Keys: { description: 'API keys.', role: 'admin' },
  Webhooks: { description: 'Who is told of what happens, and what was sent.', role: 'admin' },
  Operations: { description: 'Whether the service works.' },
};

/** The description of the API: OpenAPI 3.1. */
export function describeApi(): object {
  return {
    openapi: '3.1.0',
    info: {
      title: 'Minutebook',
      version: '0.1.0',
      description: DESCRIPTION,
      contact: { name: 'Whoever runs this service' },
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/', description: 'The service that serves this document.' }],
    tags: Object.entries(TAGS).map(([name, { description }]) => ({ name, description })),
    paths: Object.fromEntries(
      Object.entries(PATHS).map(([path, operations]) => [path, completed(path, operations)]),
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
        ...LISTING_SCHEMAS,
        ...components(),
        Code: { type: 'string', enum: PROBLEM_CODES },
      },
    },
  };
}

/** Operations with what all of them have: a name, what is to be known, what they ask for, how they refuse, examples. */
function completed(
  path: string,
  operations: Readonly<Record<string, Operation>>,
): Record<string, Operation> {
  return Object.fromEntries(
    Object.entries(operations).map(([method, operation]) => {
      const [tag = ''] = operation['tags'] as readonly string[];
      const role = TAGS[tag]?.role;
      const refusals = role === undefined ? { '4XX': problem } : { 401: problem, 403: problem };
      const name = `${method.toUpperCase()} ${path}`;
      const whole = {
        operationId: nameOf(method, path),
        ...operation,
        description: [DESCRIPTIONS[name], KEY_OF[role ?? 'everybody']].join(' '),
        security: role === undefined ? [] : [{ [BEARER]: [] }],
        responses: { ...refusals, ...(operation['responses'] as object) },
      };
      return [method, illustrated(name, whole)];
    }),
  );
}

/** Whose key opens an operation. */
const KEY_OF: Readonly<Record<string, string>> = {
  everybody: 'It needs no key.',
  producer: 'Key: `producer`.',
  reader: 'Key: `reader`, `finance` or `admin`.',
  finance: 'Key: `finance` or `admin`.',
  admin: 'Key: `admin`.',
};

/** Such as `getUsersByUserIdUsageSummary`: unique, as method and path are, and the same as long as they are. */
function nameOf(method: string, path: string): string {
  const words = path
    .split('/')
    .filter((part) => part !== '' && part !== 'v1')
    .map((part) => part.replace(/^\{/, 'by_').match(/[A-Za-z0-9]+/g) ?? [])
    .flat();
  return method + words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('');
}
