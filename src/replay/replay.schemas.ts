import { component } from '../http/openapi/components';
import {
  count,
  currency,
  decimal,
  instant,
  list,
  nullable,
  object,
  period,
  position,
  ref,
  text,
  whole,
  type Schema,
} from '../http/openapi/schema';
import type { JobView } from '../jobs/jobs';
import type { Difference } from '../read-model/difference';
import type { ProgressView } from './progress';
import type { RehearsalItem } from './rehearsal-items';
import type { RehearsalResult, RehearsalTotals } from './rehearsal';
import type { ReplayRequest, ReplayResult } from './replay';

const root: Schema = { type: 'string', pattern: '^[0-9a-f]{64}$' };
const anything: Schema = { type: 'object', additionalProperties: true };

const scope = {
  user_id: { ...nullable(text), description: 'One user; all if left out.' },
  period: { ...nullable(period), description: 'One month; all if left out.' },
  as_of: {
    ...nullable(text),
    description: 'A position or a time. If left out, the live read model as it is.',
  },
};
const drafts = {
  rate_cards: {
    ...list(ref('RateCardBody')),
    maxItems: 100,
    description: 'Without `effective_from` a draft replaces all cards of its currency.',
  },
  plans: {
    type: 'object',
    additionalProperties: ref('PlanBody'),
    maxProperties: 100,
    description: 'By name. A draft replaces the plan of its name.',
  } satisfies Schema,
};

const progress = object<ProgressView>({
  phase: { type: 'string', enum: ['replaying', 'comparing'] },
  position,
  size: { ...count, description: 'How many events were read.' },
  of: { ...count, description: 'How many events there are to read.' },
  rows_compared: count,
  events_per_second: count,
  seconds_left: nullable(count),
});

const rebuildProgress = object({
  phase: { type: 'string', enum: ['filling', 'switching'] },
  position,
  goal: { ...position, description: 'The position to reach. It grows as events arrive.' },
  size: {
    ...count,
    description: 'How many events were folded, including those of an earlier run.',
  },
  resumed_from: {
    ...count,
    description: 'How many of them an earlier, interrupted run had folded.',
  },
  events_per_second: count,
  seconds_left: nullable(count),
});

const rebuildRequest = object({
  reason: { type: 'string', enum: ['asked', 'close_with_a_gap'] },
});

function job(
  request: Schema,
  result: Schema,
  shown: Schema = progress,
): Readonly<Record<keyof JobView, Schema>> {
  return {
    id: text,
    status: { type: 'string', enum: ['queued', 'running', 'done', 'failed'] },
    request,
    created_at: instant,
    started_at: nullable(instant),
    finished_at: nullable(instant),
    progress: nullable(shown),
    result: nullable(result),
    error: nullable(object({ code: text, detail: text })),
  };
}

const place = { position, size: count, recorded_at: nullable(instant) };

const difference = object<Difference>({
  table: text,
  key: anything,
  fields: { ...list(text), description: 'What differs; empty if one side lacks the row.' },
  live: nullable(anything),
  replayed: nullable(anything),
});

const replayResult = object<ReplayResult>(
  {
    ...place,
    root,
    head: position,
    rows_compared: count,
    closed_periods_checked: count,
    differences: count,
    items: {
      ...list(difference),
      maxItems: 1_000,
      description: 'The first differences. A list of jobs leaves them out.',
    },
  },
  ['items'],
);

const money = {
  paid_cents: whole,
  would_have_paid_cents: whole,
  difference_cents: whole,
  paid_cost: decimal,
  would_have_cost: decimal,
};

const rehearsalResult = object<RehearsalResult>({
  ...place,
  totals: list(object<RehearsalTotals>({ period, currency, users: count, ...money })),
  waiting: { ...count, description: 'Completed attempts without a usage log.' },
  would_have_waited: { ...count, description: 'The same under the drafts.' },
});

const rehearsal = job(object({ ...scope, ...drafts }), rehearsalResult);
const item = object<RehearsalItem>({ user_id: text, period, currency, ...money });

export const REPLAY = component(
  'Replay',
  object<JobView>(job(object<ReplayRequest>(scope), replayResult)),
);

export const REBUILD = component(
  'Rebuild',
  object<JobView>(
    job(
      rebuildRequest,
      object({ position, size: count, resumed_from: count, root }),
      rebuildProgress,
    ),
  ),
);

export const REHEARSAL = component('Rehearsal', object<JobView>(rehearsal));

const REHEARSAL_ITEM = component('RehearsalItem', item);

export const REHEARSAL_PAGE = component(
  'RehearsalPage',
  object({
    ...rehearsal,
    items: list(REHEARSAL_ITEM),
    next_cursor: nullable(text),
  }),
);
