import { JOB_PATHS } from './job-paths';
import { KEY_PATHS } from './key-paths';
import { LIST_ADJUSTMENTS, LISTING_PATHS, READ_PLAN } from './listing-paths';
import { RECONCILIATION_PATHS } from './reconciliation-paths';
import { TELLING_PATHS } from './telling-paths';
import {
  asOf,
  atLeast,
  json,
  paging,
  parameter,
  problem,
  user,
  type Operation,
} from './operations';
import {
  currency,
  writtenInstant,
  page,
  period,
  ref,
  text,
  transcriptionType,
  type Schema,
} from './schema';

const session = parameter('session_id', 'path', text, 'The session.');
const inPeriod = parameter('period', 'query', period, 'A month; the current one if left out.');
const inCurrency = parameter('currency', 'query', currency, "The user's if left out.");
const key = {
  ...parameter(
    'Idempotency-Key',
    'header',
    { type: 'string', minLength: 1, maxLength: 255 },
    'New for each write, but the same when it is sent again.',
  ),
  required: true,
};

function read(tag: string, summary: string, answer: Schema, parameters: Operation[]): Operation {
  return {
    tags: [tag],
    summary,
    parameters: [...parameters, atLeast, asOf],
    responses: { 200: json(answer), default: problem },
  };
}

function proof(summary: string, answer: string, parameters: Operation[]): Operation {
  return {
    tags: ['Audit'],
    summary,
    parameters: [...parameters, atLeast],
    responses: { 200: json(ref(answer)), default: problem },
  };
}

function sizeOf(name: string): Operation {
  const schema = { type: 'integer', minimum: 1 };
  return parameter(name, 'query', schema, 'A number of events; all if left out.');
}

/** The answers of writes that may find nothing to do. */
function soAlready(answer: string): Operation {
  return { 200: json(ref(answer), 'It was so already, and nothing was recorded.') };
}

function write(
  summary: string,
  body: string,
  answer: string,
  parameters: Operation[] = [],
  unchanged: Operation = {},
): Operation {
  return {
    tags: ['Finance'],
    summary,
    parameters: [...parameters, key],
    requestBody: { required: true, content: { 'application/json': { schema: ref(body) } } },
    responses: {
      ...unchanged,
      201: json(ref(answer), 'Recorded, now or under the same key before.'),
      default: problem,
    },
  };
}

const events = {
  required: true,
  content: {
    'application/cloudevents+json': { schema: ref('Event') },
    'application/cloudevents-batch+json': {
      schema: { type: 'array', items: ref('Event'), maxItems: 10_000 },
    },
    'application/json': {
      schema: { type: 'object', description: "Binary mode: the event's data." },
    },
  },
};

const recorded = {
  200: json(ref('Recorded'), 'One duplicate, or a batch without a rejection.'),
  201: json(ref('Recorded'), 'One event, recorded.'),
  207: json(ref('Recorded'), 'A batch with a rejection.'),
  default: problem,
};

/** Every path with its parameters and answers. */
export const PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/events': {
    post: {
      tags: ['Producers'],
      summary: 'Record what happened: one CloudEvent (structured or binary) or a batch.',
      requestBody: events,
      responses: recorded,
    },
  },
  '/api/v1/events': {
    post: {
      tags: ['Producers'],
      summary: 'The same, under the path that OpenMeter SDKs post to.',
      requestBody: events,
      responses: {
        204: {
          description: 'Nothing was rejected. The header minutebook-position has the position.',
        },
        422: {
          description:
            'The event was rejected, or some events of a batch were (`events_rejected`, with all verdicts in `results`).',
          content: {
            'application/problem+json': {
              schema: { oneOf: [ref('EventsRejected'), ref('Problem')] },
            },
          },
        },
        default: problem,
      },
    },
  },
  '/v1/users/{user_id}/usage-summary': {
    get: read('Readers', "A user's month, added up.", ref('Summary'), [user, inPeriod, inCurrency]),
  },
  '/v1/users/{user_id}/usage-history': {
    get: read('Readers', 'The last months, newest first.', page(ref('Summary')), [
      user,
      parameter(
        'months',
        'query',
        { type: 'integer', minimum: 1, maximum: 24, default: 3 },
        'How many months.',
      ),
      inCurrency,
    ]),
  },
  '/v1/users/{user_id}/usage-trend': {
    get: read('Readers', 'Usage by day, week or month.', ref('Trend'), [
      user,
      { ...parameter('from', 'query', writtenInstant, 'Inclusive.'), required: true },
      { ...parameter('to', 'query', writtenInstant, 'Exclusive.'), required: true },
      parameter(
        'group_by',
        'query',
        { type: 'string', enum: ['day', 'week', 'month'], default: 'day' },
        "In the ledger's zone; weeks begin on Monday. At most 400 points.",
      ),
      inCurrency,
    ]),
  },
  '/v1/users/{user_id}/usage-logs': {
    get: read('Readers', 'Usage logs, newest first.', page(ref('UsageLog')), [
      user,
      inPeriod,
      parameter('provider', 'query', text, 'Only logs of one provider.'),
      parameter('transcription_type', 'query', transcriptionType, 'Only logs of one type.'),
      ...paging,
    ]),
  },
  '/v1/users/{user_id}/entitlement': {
    get: read('Readers', "Whether the user's plan allows more.", ref('Entitlement'), [
      user,
      parameter('minutes', 'query', text, 'Minutes about to be used, a decimal; 0 if left out.'),
      parameter('file_size_bytes', 'query', text, 'The size of a file, in bytes.'),
      parameter('export_format', 'query', text, 'A format, such as srt.'),
    ]),
  },
  '/v1/usage-logs/{id}': {
    get: read('Readers', 'One usage log, explained.', ref('ExplainedUsageLog'), [
      parameter('id', 'path', text, 'The id of a usage log.'),
    ]),
  },
  '/v1/sessions/{session_id}': {
    get: read('Readers', 'A session: attempts, logs, cost.', ref('Session'), [session]),
  },
  '/v1/audit/pending': {
    get: read('Finance', 'What waits: pending and unrated attempts.', page(ref('Waiting')), paging),
  },
  '/v1/audit/events': {
    get: {
      tags: ['Finance'],
      summary: 'The ledger itself, in ledger order.',
      parameters: [
        parameter('session_id', 'query', text, 'Only events of one session.'),
        parameter(
          'user_id',
          'query',
          text,
          "Only a user's facts, voids of their sessions, and events on their account. A page may then be short, even empty, while next_cursor is not null.",
        ),
        parameter(
          'after',
          'query',
          { type: 'string', pattern: '^[0-9]{1,15}$' },
          'Only events after this position.',
        ),
        ...paging,
        atLeast,
      ],
      responses: { 200: json(page(ref('LedgerEvent'))), default: problem },
    },
  },
  '/v1/audit/leaks': {
    get: read('Finance', 'What leaks: unfinished, pending and unrated.', ref('LeakReport'), [
      parameter(
        'kind',
        'query',
        { type: 'string', enum: ['unfinished', 'pending', 'unrated'] },
        'Only leaks of one kind.',
      ),
      parameter(
        'older_than_seconds',
        'query',
        { type: 'integer', minimum: 0, default: 0 },
        'Only leaks that are at least so old.',
      ),
      ...paging,
    ]),
  },
  '/v1/audit/bundle': {
    get: {
      tags: ['Finance'],
      summary: 'A streamed file for an auditor, with everything that a bill follows from.',
      parameters: [
        parameter('period', 'query', period, 'A month; all if left out.'),
        parameter('user_id', 'query', text, 'A user; all if left out.'),
        atLeast,
        asOf,
      ],
      responses: {
        200: {
          description:
            'The bundle (docs/reference/bundle.md). If its last line is missing, it is incomplete.',
          content: { 'application/x-ndjson': { schema: text } },
        },
        default: problem,
      },
    },
  },
  '/v1/audit/export': {
    get: {
      tags: ['Finance'],
      summary: 'A period as a streamed file: every log and adjustment that counts in it.',
      parameters: [
        { ...parameter('period', 'query', period, 'A month.'), required: true },
        {
          ...parameter(
            'format',
            'query',
            { type: 'string', enum: ['csv', 'ndjson', 'focus', 'hledger'] },
            'CSV, NDJSON, FOCUS 1.2 as CSV, or an hledger journal.',
          ),
          required: true,
        },
        atLeast,
        asOf,
      ],
      responses: {
        200: {
          description:
            'The file. The header minutebook-position says which position in the ledger it is of. An answer that breaks off is not complete.',
          content: {
            'text/csv': { schema: text },
            'application/x-ndjson': { schema: text },
            'text/plain': { schema: text },
          },
        },
        default: problem,
      },
    },
  },
  '/v1/audit/root': {
    get: proof('The Merkle root, signed.', 'SignedRoot', [sizeOf('size')]),
  },
  '/v1/audit/checkpoint': {
    get: {
      tags: ['Audit'],
      summary: 'The newest signed root, with its cosignatures.',
      parameters: [atLeast],
      responses: {
        200: {
          description: 'The signed note. `ETag` names it.',
          content: { 'text/plain': { schema: text } },
        },
        304: { description: 'It is the one that `If-None-Match` names.' },
        default: problem,
      },
    },
  },
  '/v1/audit/proofs/{index}': {
    get: proof('A proof that an event is in the ledger.', 'InclusionProof', [
      parameter('index', 'path', text, "The event's number in ledger order, from 0."),
      sizeOf('size'),
    ]),
  },
  '/v1/audit/consistency': {
    get: proof('A proof that the ledger continues an earlier state.', 'ConsistencyProof', [
      { ...sizeOf('first'), required: true },
      sizeOf('second'),
    ]),
  },
  ...JOB_PATHS,
  ...KEY_PATHS,
  ...TELLING_PATHS,
  ...RECONCILIATION_PATHS,
  ...LISTING_PATHS,
  '/v1/rate-cards': {
    get: read('Finance', 'All rate cards, in ledger order.', page(ref('RateCard')), paging),
    post: write('Publish a rate card.', 'RateCardBody', 'RateCard'),
  },
  '/v1/plans': {
    get: read('Finance', 'All plans, by name.', page(ref('Plan')), paging),
  },
  '/v1/plans/{plan}': {
    put: write(
      'Define a plan. It never changes.',
      'PlanBody',
      'Plan',
      [parameter('plan', 'path', text, 'Its name.')],
      soAlready('Plan'),
    ),
  },
  '/v1/users/{user_id}/plan': {
    get: READ_PLAN,
    put: write('Assign a plan and a currency.', 'AssignPlanBody', 'AssignedPlan', [user]),
  },
  '/v1/default-plan': {
    put: write('Set the plan of users without an assignment.', 'DefaultPlanBody', 'DefaultPlan'),
  },
  '/v1/adjustments': {
    get: LIST_ADJUSTMENTS,
    post: write('Credit or debit a user.', 'AdjustmentBody', 'Adjustment'),
  },
  '/v1/sessions/{session_id}/void': {
    post: write('Void a session whose facts are wrong.', 'VoidBody', 'Session', [session]),
  },
  '/v1/billing-periods': {
    get: read(
      'Finance',
      'Closed periods and those with usage.',
      page(ref('BillingPeriod')),
      paging,
    ),
  },
  '/v1/billing-periods/{period}/close': {
    post: write(
      'Close a month that is over.',
      'CloseBody',
      'Close',
      [parameter('period', 'path', period, 'The month.')],
      soAlready('Close'),
    ),
  },
  '/v1/reports/usage': {
    get: read('Finance', "A month's usage over all users.", ref('Report'), [inPeriod]),
  },
  '/health/live': {
    get: {
      tags: ['Operations'],
      summary: 'Whether the process lives.',
      responses: { 200: json(ref('Liveness')) },
    },
  },
  '/health/ready': {
    get: {
      tags: ['Operations'],
      summary: 'Whether it can do its work.',
      responses: { 200: json(ref('Readiness')), 503: json(ref('Readiness'), 'It can not.') },
    },
  },
};
