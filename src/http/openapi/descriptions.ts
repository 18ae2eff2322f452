import { AUDIT_DESCRIPTIONS } from './descriptions-audit';

/** What a person should know of an operation beside its summary; by method and path. */
export const DESCRIPTIONS: Readonly<Record<string, string>> = {
  ...AUDIT_DESCRIPTIONS,
  'POST /v1/events':
    'Answers when all that it calls recorded is durable, with one verdict per event, in the order sent. Sending the same facts again is always safe: they are duplicates. In binary mode the attributes are in `ce-` headers. At most 10,000 events and 16 MiB; gzip and deflate are accepted.',
  'POST /api/v1/events':
    'For clients that were written for OpenMeter: 204 if nothing was rejected, 422 if anything was. `subject` may name the user if `data.user_id` is left out or the same.',
  'GET /v1/users/{user_id}/usage-summary':
    'Transcriptions, minutes, cents, the plan and what is left of it. A user whom no event names has an empty summary. Failures count in the currency of the user.',
  'GET /v1/users/{user_id}/usage-history':
    'Summaries of the current month and of those before it, empty ones included. It is one page.',
  'GET /v1/users/{user_id}/usage-trend':
    'By the time of completion, in one currency. Empty points are included; the first and the last are cut to the range.',
  'GET /v1/users/{user_id}/usage-logs':
    'One log per completed attempt that does not wait, with its minutes, its cost and the reason why it is billed or not.',
  'GET /v1/users/{user_id}/entitlement':
    'Compares what is used and requested with the limits of the plan. It only informs: usage that comes all the same is recorded and billed.',
  'GET /v1/users/{user_id}/usage-totals':
    'All months added up, one total per currency. A user whom no event names has none.',
  'GET /v1/users/{user_id}/plan':
    'The plan in force now, or at `as_of`. `assigned` is false for the plan of users without an assignment.',
  'GET /v1/users/{user_id}/plan-history':
    'Each plan with the instants from which and until which it holds; null is the beginning, and until something else is said.',
  'GET /v1/usage-logs/{id}':
    'The log with the events, the rate card and the plan that it follows from, and each step from the duration to the cents.',
  'GET /v1/sessions/{session_id}':
    'What became of each attempt, what the session costs, and what the next attempt would be.',
  'GET /v1/users': 'Along an index: as fast on a large ledger as on a small one.',
  'GET /v1/sessions': 'How many attempts each session had, and the status of the last one.',
  'GET /v1/usage-logs': 'What a log costs is in the answer of `GET /v1/usage-logs/{id}`.',
  'GET /v1/usage-summaries': 'One for each user and currency with something in the month.',
  'GET /v1/adjustments': 'Each with the period in which it counts, and what voids it.',
  'GET /v1/rate-cards':
    'The card in force at a moment is that of the currency with the latest `effective_from` not after it.',
  'POST /v1/rate-cards':
    'A card never changes; publish another one. It must not begin in the past, unless it is the first of its currency, or changes no cost that was derived already.',
  'GET /v1/plans': 'Allowance and limits of each; null is no limit.',
  'PUT /v1/plans/{plan}':
    'The same content again is 200, other content 409. A limit that is left out is no limit.',
  'PUT /v1/users/{user_id}/plan':
    'The plan holds from `effective_from` on, the currency for the whole period in which that is. A currency changes only if the user has nothing in the periods concerned.',
  'PUT /v1/default-plan': 'It holds from `effective_from` on for all whom nobody assigned.',
  'POST /v1/adjustments':
    'A negative amount is a credit. Closed periods take none. To void an adjustment, send one of the opposite amount that names it in `voids`.',
  'POST /v1/sessions/{session_id}/void':
    'Its facts so far stay in the ledger but no longer count. Then send the right facts under new ids.',
  'GET /v1/billing-periods': 'Oldest first, with the totals and the root of those that are closed.',
  'POST /v1/billing-periods/{period}/close':
    'Nothing that comes later changes a number of a closed period. It is refused while attempts wait, unless `force` is true. Closing again answers the first close.',
  'GET /v1/reports/usage':
    'Totals per currency, then the same by plan, provider and day, and the users who pay most.',
  'GET /v1/caller': 'Of a token with several roles it is the one that may do the most.',
  'GET /v1/keys': 'With the day on which each was last used, and when it was revoked.',
  'POST /v1/keys':
    'Keep the answer: the service stores a hash. `source` binds a producer, `user_id` a reader.',
  'POST /v1/users/{user_id}/erase':
    'What is personal in the facts of the user is sealed under a key, which is destroyed. Facts that come later are sealed under a new one.',
  'DELETE /v1/keys/{id}': 'The last admin key that can be used is not revoked (409).',
  'GET /v1/alerts': 'Whether an alert was reached is told by a webhook.',
  'POST /v1/alerts':
    'Give `threshold` or `share_of_limit`. Without `user_id` it watches each user, or all of them together, as the metric says.',
  'DELETE /v1/alerts/{id}': 'It is not reached again.',
  'GET /v1/webhooks': 'Who is told, and of which types.',
  'POST /v1/webhooks':
    'Deliveries are CloudEvents, signed as Standard Webhooks says. The URL is https and leads to no private address.',
  'PATCH /v1/webhooks/{id}': 'What is left out stays as it is.',
  'DELETE /v1/webhooks/{id}': 'What waits to be sent to it is not sent.',
  'POST /v1/webhooks/{id}/test': 'One try. What the receiver answers is cut at 4 KiB.',
  'POST /v1/webhooks/{id}/rotate-secret': 'Keep the answer: no other one shows the secret.',
  'GET /v1/webhooks/{id}/deliveries': 'With the last status or error, and when it is tried again.',
  'POST /v1/webhooks/{id}/deliveries/{delivery_id}/redeliver':
    'Under the same `webhook-id`, so that the receiver knows it.',
  'GET /health/live': 'For a liveness probe. It asks neither the store nor the read model.',
  'GET /health/ready':
    'For a readiness probe: whether the event store and the read model answer, and the read model is near the head. It answers within a second.',
};
