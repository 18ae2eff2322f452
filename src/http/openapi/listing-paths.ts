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
import { page, period, ref, text, type Schema } from './schema';

const search = parameter(
  'search',
  'query',
  { type: 'string', minLength: 1, maxLength: 128, pattern: '^[A-Za-z0-9._:@~-]{1,128}$' },
  'Only ids that contain this, whatever the case of its letters. One answer looks at 50,000 ids, so a page may then be short, even empty, while next_cursor is not null.',
);
const ofPeriod = (description: string) => parameter('period', 'query', period, description);

function list(tag: string, summary: string, item: string, parameters: Operation[]): Operation {
  return read(tag, summary, page(ref(item)), [...parameters, ...paging]);
}

function read(tag: string, summary: string, answer: Schema, parameters: Operation[]): Operation {
  return {
    tags: [tag],
    summary,
    parameters: [...parameters, atLeast, asOf],
    responses: { 200: json(answer), default: problem },
  };
}

/** Lists over all users, and what is known of a user beside usage. */
export const LISTING_PATHS: Readonly<Record<string, Readonly<Record<string, Operation>>>> = {
  '/v1/users': {
    get: list(
      'Finance',
      'The users with a log, a failure or an adjustment in any period, by id.',
      'User',
      [search],
    ),
  },
  '/v1/users/{user_id}/plan-history': {
    get: list(
      'Readers',
      'The plans that a user had, has and will have, oldest first.',
      'PlanStretch',
      [user],
    ),
  },
  '/v1/users/{user_id}/usage-totals': {
    get: read(
      'Readers',
      'What a user used and is charged since their first session, by currency.',
      ref('UsageTotals'),
      [user],
    ),
  },
  '/v1/sessions': {
    get: list('Finance', 'Sessions of all users, by id.', 'ListedSession', [search]),
  },
  '/v1/usage-logs': {
    get: list(
      'Finance',
      'Usage logs of all users, by id, without what they cost.',
      'ListedUsageLog',
      [search],
    ),
  },
  '/v1/usage-summaries': {
    get: list(
      'Finance',
      'The summaries of all users of a month, by user and currency. Those of a currency add up to its totals.',
      'Summary',
      [ofPeriod('A month; the current one if left out.')],
    ),
  },
  '/v1/audit/writes': {
    get: list(
      'Finance',
      'What finance wrote, newest first: who, when, what and why.',
      'Written',
      [],
    ),
  },
};

/** Beside a write under the same path. */
export const READ_PLAN = read(
  'Readers',
  "A user's plan, what it allows, and the one that comes next.",
  ref('UserPlan'),
  [user],
);
export const LIST_ADJUSTMENTS = list('Finance', 'Adjustments, newest first.', 'ListedAdjustment', [
  ofPeriod('Only adjustments that count in this month.'),
  parameter('user_id', 'query', text, 'Only those of one user.'),
]);
