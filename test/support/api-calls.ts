import type { Call, ExampleRecorder } from './api-examples';
import { BATCH, STRUCTURED } from './service';

/** The time at which the examples are made. */
export const EXAMPLES_NOW = Date.parse('2026-11-20T09:00:00Z');

const PERIOD = '2026-10';
/** Ids that do not exist. */
const NO_WEBHOOK = `webhook_${'0'.repeat(24)}`;
const NOTHING = '00000000-0000-4000-8000-000000000000';
const session = (name: string) => ({ session_id: name, user_id: 'ann' });

function event(kind: string, id: string, time: string, data: object) {
  return {
    specversion: '1.0',
    id,
    source: 'worker/eu-1',
    type: `transcription.session.${kind}`,
    time,
    data,
  };
}

const COMPLETED = event('completed', 'rec-1|1|completed', '2026-10-05T10:01:33Z', {
  ...session('rec-1'),
  stt_provider: 'google',
  duration_seconds: '90.25',
  speaker_count: 2,
  confidence_score: 0.94,
  word_count: 231,
  language: 'en',
  provider_metadata: { request_id: 'req-7f1' },
});
const BATCHED = [
  event('started', 'rec-2|1|started', '2026-10-06T08:00:00Z', {
    ...session('rec-2'),
    stt_provider: 'assemblyai',
  }),
  event('failed', 'rec-2|1|failed', '2026-10-06T08:00:41Z', {
    ...session('rec-2'),
    stt_provider: 'assemblyai',
    error_code: 'provider_timeout',
  }),
  event('retried', 'rec-2|2|retried', '2026-10-06T08:01:00Z', {
    ...session('rec-2'),
    attempt: 2,
    requested_by: 'ann',
  }),
  event('completed', 'rec-2|2|completed', '2026-10-06T08:02:00Z', {
    ...session('rec-2'),
    attempt: 2,
    stt_provider: 'assemblyai',
    duration_seconds: 65,
  }),
];
const WRONG = event('completed', 'rec-3|1|completed', '2026-11-02T12:00:00Z', {
  ...session('rec-3'),
  stt_provider: 'google',
});
const WAITING = event('completed', 'rec-4|2|completed', '2026-11-03T12:00:00Z', {
  session_id: 'rec-4',
  user_id: 'bob',
  stt_provider: 'google',
  attempt: 2,
  duration_seconds: 600,
});
const OTHER = event('completed', 'rec-5|1|completed', '2026-11-04T12:00:00Z', {
  ...session('rec-5'),
  stt_provider: 'google',
  duration_seconds: 30,
});

async function producers(say: ExampleRecorder): Promise<void> {
  for (const operation of ['POST /v1/events', 'POST /api/v1/events']) {
    await say.call({ operation, type: STRUCTURED, body: COMPLETED });
    await say.call({ operation, type: STRUCTURED, body: COMPLETED });
    await say.call({ operation, type: BATCH, body: BATCHED });
    await say.call({ operation, type: BATCH, body: [WAITING, WRONG] });
    await say.call({ operation, type: STRUCTURED, body: WRONG });
    await say.call({ operation, type: STRUCTURED, body: { ...COMPLETED, time: WAITING.time } });
    await say.call({ operation, type: STRUCTURED, body: '{"specversion":' });
    await say.call({ operation, type: 'text/plain', body: 'rec-1 done' });
    const { data, ...attributes } = OTHER;
    const headers = Object.fromEntries(
      Object.entries(attributes).map(([name, value]) => [`ce-${name}`, value]),
    );
    await say.call({ operation, headers, body: data });
  }
}

async function finance(say: ExampleRecorder): Promise<void> {
  let number = 0;
  const write = async (operation: string, body: object, path: Call['path'] = {}, bad = {}) => {
    number += 1;
    const headers = { 'Idempotency-Key': `example-${number}` };
    await say.call({ operation, path, body, headers });
    await say.call({ operation, path, body: { ...body, ...bad }, headers });
    await say.call({ operation, path, body });
  };
  const card = {
    currency: 'USD',
    effective_from: '2026-12-01T00:00:00Z',
    prices: {
      default: { amount: '0.024', minimum_seconds: '15' },
      google: { tiers: [{ up_to_minutes: '1000', amount: '0.02' }, { amount: '0.016' }] },
    },
  };
  await write('POST /v1/rate-cards', card, {}, { currency: 'usd' });
  const team = { minutes: '3000', sessions: 500, export_formats: ['json', 'srt'] };
  await write('PUT /v1/plans/{plan}', team, { plan: 'team' }, { minutes: '-1' });
  const again = { 'Idempotency-Key': 'example-again' };
  const plan = { operation: 'PUT /v1/plans/{plan}', path: { plan: 'team' }, headers: again };
  await say.call({ ...plan, body: team });
  await say.call({ ...plan, body: { minutes: '4000' } });
  const ofAnn = { user_id: 'ann' };
  await write('PUT /v1/users/{user_id}/plan', { plan: 'team' }, ofAnn, { plan: 'gold' });
  const byDefault = 'PUT /v1/default-plan';
  await write(byDefault, { plan: 'free' }, {}, { plan: 'gold' });
  const credit = {
    user_id: 'ann',
    period: PERIOD,
    amount_cents: -2,
    reason: 'Poor audio of rec-1',
    reference: 'ticket-4711',
  };
  await write('POST /v1/adjustments', credit, {}, { amount_cents: 0 });
  await say.call({
    operation: 'POST /v1/adjustments',
    body: { ...credit, amount_cents: -100_000 },
    headers: { 'Idempotency-Key': 'example-below' },
  });
  const voided = 'POST /v1/sessions/{session_id}/void';
  await write(
    voided,
    { reason: 'Sent for the wrong user' },
    { session_id: 'rec-5' },
    { reason: '' },
  );
  const more = { operation: voided, body: { reason: 'x' } };
  await say.call({ ...more, path: { session_id: 'rec-5' }, headers: { 'Idempotency-Key': 'v-2' } });
  await say.call({ ...more, path: { session_id: 'rec-9' }, headers: { 'Idempotency-Key': 'v-3' } });
  const close = 'POST /v1/billing-periods/{period}/close';
  await write(close, {}, { period: PERIOD }, { force: 'yes' });
  const closing = { operation: close, body: {} };
  await say.call({ ...closing, path: { period: PERIOD }, headers: { 'Idempotency-Key': 'c-2' } });
  await say.call({
    ...closing,
    path: { period: '2026-11' },
    headers: { 'Idempotency-Key': 'c-3' },
  });
}

/** Reads, each with parameters that succeed and parameters that are refused. */
const READS: readonly (readonly [operation: string, good: Partial<Call>, bad: Partial<Call>])[] = [
  ...(
    [
      ['usage-summary', { period: PERIOD }, { period: '2026-13' }],
      ['usage-history', { months: 1 }, { months: 25 }],
      [
        'usage-trend',
        { from: '2026-10-05T00:00:00.000Z', to: '2026-10-07T00:00:00.000Z' },
        { from: '2026-10-05T00:00:00.000Z' },
      ],
      ['usage-logs', { period: PERIOD, limit: 2 }, { limit: 501 }],
      ['entitlement', { minutes: '30', export_format: 'srt' }, { minutes: 'many' }],
      ['usage-totals', {}, { as_of: '2027-01-01T00:00:00Z' }],
      ['plan', {}, { as_of: '2027-01-01T00:00:00Z' }],
      ['plan-history', {}, { cursor: 'nonsense' }],
    ] as const
  ).map(([name, query, bad]): [string, Partial<Call>, Partial<Call>] => {
    const path = { user_id: 'ann' };
    return [`GET /v1/users/{user_id}/${name}`, { path, query }, { path, query: bad }];
  }),
  ...(
    [
      ['users', { limit: 2 }],
      ['sessions', { search: 'rec', limit: 2 }],
      ['usage-logs', { limit: 1 }],
      ['adjustments', { period: PERIOD }],
      ['audit/writes', { limit: 2 }],
      ['audit/pending', {}],
      ['audit/events', { session_id: 'rec-2', limit: 1 }],
      ['audit/leaks', { kind: 'pending' }],
      ['rate-cards', { limit: 1 }],
      ['plans', { limit: 1 }],
      ['billing-periods', {}],
      ['usage-summaries', { period: PERIOD }],
    ] as const
  ).map(([name, query]): [string, Partial<Call>, Partial<Call>] => [
    `GET /v1/${name}`,
    { query },
    { query: { cursor: 'nonsense' } },
  ]),
  ['GET /v1/caller', {}, { query: { at_least: 'now' } }],
  ['GET /v1/usage-logs/{id}', { path: { id: 'rec-1~1' } }, { path: { id: 'rec-9~1' } }],
  [
    'GET /v1/sessions/{session_id}',
    { path: { session_id: 'rec-2' } },
    { path: { session_id: 'rec-9' } },
  ],
  ['GET /v1/reports/usage', { query: { period: PERIOD } }, { query: { period: 'October' } }],
  ['GET /v1/audit/root', { query: { size: 3 } }, { query: { size: 0 } }],
  [
    'GET /v1/audit/proofs/{index}',
    { path: { index: '1' }, query: { size: 3 } },
    { path: { index: '3' }, query: { size: 3 } },
  ],
  [
    'GET /v1/audit/consistency',
    { query: { first: 2, second: 5 } },
    { query: { first: 5, second: 2 } },
  ],
  ['GET /v1/audit/checkpoint', {}, { query: { size: 3 } }],
  [
    'GET /v1/audit/bundle',
    { query: { period: PERIOD, user_id: 'ann' } },
    { query: { period: 'October' } },
  ],
  ...(['csv', 'ndjson', 'hledger'] as const).map(
    (format): [string, Partial<Call>, Partial<Call>] => [
      'GET /v1/audit/export',
      { query: { period: PERIOD, format } },
      { query: { period: PERIOD, format: 'xlsx' } },
    ],
  ),
  ['GET /health/live', {}, { headers: { 'x-too-much': 'x'.repeat(300_000) } }],
  ['GET /health/ready', {}, { headers: { 'x-too-much': 'x'.repeat(300_000) } }],
];

async function reads(say: ExampleRecorder): Promise<void> {
  for (const [operation, good, bad] of READS) {
    await say.call({ operation, ...good });
    await say.call({ operation, ...bad });
  }
}

interface Job {
  readonly id: string;
  readonly status: string;
}

/** Reads a job until it has ended, so that the example shows its end. */
async function done(say: ExampleRecorder, operation: string, id: string): Promise<void> {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
  for (;;) {
    const { status } = await say.call<Job>({ operation, path: { id } });
    if (status === 'done') return;
    delete say.examples[operation];
    await pause();
  }
}

async function jobs(say: ExampleRecorder): Promise<void> {
  const draft = { currency: 'TWD', prices: { default: { amount: '0.04' } } };
  const started: [name: string, body: object | undefined, bad: object][] = [
    ['replays', { user_id: 'ann', period: PERIOD }, { period: 'October' }],
    ['rehearsals', { rate_cards: [draft] }, { rate_cards: [{ currency: 'TWD' }] }],
    ['rebuilds', undefined, { why: 'x' }],
    [
      'reconciliations',
      {
        provider: 'google',
        period: PERIOD,
        lines: [{ request_id: 'req-7f1', duration_seconds: 90.25, cost: '0.036', currency: 'USD' }],
      },
      { provider: 'google', period: 'October', lines: [] },
    ],
  ];
  for (const [name, body, bad] of started) {
    const path = `/v1/audit/${name}`;
    const operation = `POST ${path}`;
    const { id } = await say.call<Job>({ operation, ...(body === undefined ? {} : { body }) });
    await say.call({ operation, body: bad });
    const one = `GET ${path}/{id}`;
    await done(say, one, id);
    await say.call({ operation: one, path: { id: NOTHING } });
    if (name !== 'reconciliations') {
      await say.call({ operation: one, path: { id }, accept: 'text/event-stream' });
    }
    if (name === 'rehearsals') await say.call({ operation: one, path: { id }, accept: 'text/csv' });
    await say.call({ operation: `GET ${path}` });
    await say.call({ operation: `GET ${path}`, query: { cursor: 'nonsense' } });
    if (name === 'reconciliations') {
      const items = `${one}/items`;
      await say.call({ operation: items, path: { id } });
      await say.call({ operation: items, path: { id }, accept: 'text/csv' });
      await say.call({ operation: items, path: { id }, query: { kind: 'all' } });
      await say.call({
        operation,
        type: 'text/csv',
        query: { provider: 'google', period: PERIOD },
        body: 'request_id,duration_seconds,cost,currency\nreq-7f1,90.25,0.036,USD\n',
      });
    }
  }
}

/** Makes alerts, keys and webhooks, before the writes that a webhook reports. Returns the calls for afterwards. */
async function toldOf(say: ExampleRecorder, receiver: string): Promise<() => Promise<void>> {
  const alerts = 'POST /v1/alerts';
  const alert = { name: 'Four fifths of the minutes', metric: 'billable_minutes' };
  const made = await say.call<Job>({
    operation: alerts,
    body: { ...alert, share_of_limit: '0.8' },
  });
  await say.call({ operation: alerts, body: { ...alert, metric: 'pages', threshold: '1' } });
  const hook = { url: receiver, types: ['minutebook.adjustment.recorded'], name: 'Billing' };
  const webhook = await say.call<Job>({ operation: 'POST /v1/webhooks', body: hook });
  await say.call({ operation: 'POST /v1/webhooks', body: { ...hook, types: [] } });
  return async () => {
    await say.call({ operation: 'GET /v1/alerts' });
    await say.call({ operation: 'GET /v1/alerts', query: { cursor: 'nonsense' } });
    await gone(say, 'DELETE /v1/alerts/{id}', made.id);
    await webhooks(say, webhook.id);
    await keys(say);
    await erased(say);
  };
}

async function gone(say: ExampleRecorder, operation: string, id: string): Promise<void> {
  await say.call({ operation, path: { id } });
  await say.call({ operation, path: { id } });
}

async function webhooks(say: ExampleRecorder, id: string): Promise<void> {
  const one = '/v1/webhooks/{id}';
  const list = { operation: 'GET /v1/webhooks' };
  await say.call(list);
  await say.call({ ...list, query: { cursor: 'nonsense' } });
  const deliveries = { operation: `GET ${one}/deliveries`, path: { id } };
  let sent: Job[] = [];
  while (sent[0]?.status !== 'delivered') {
    delete say.examples[deliveries.operation];
    sent = (await say.call<{ items: Job[] }>(deliveries)).items;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await say.call({ ...deliveries, query: { status: 'lost' } });
  const again = `POST ${one}/deliveries/{delivery_id}/redeliver`;
  await say.call({ operation: again, path: { id, delivery_id: sent[0].id } });
  await say.call({ operation: again, path: { id, delivery_id: NO_WEBHOOK } });
  await say.call({ operation: `POST ${one}/test`, path: { id } });
  await say.call({ operation: `POST ${one}/test`, path: { id: NO_WEBHOOK } });
  await say.call({ operation: `POST ${one}/rotate-secret`, path: { id } });
  await say.call({ operation: `POST ${one}/rotate-secret`, path: { id: NO_WEBHOOK } });
  await say.call({ operation: `PATCH ${one}`, path: { id }, body: { enabled: false } });
  await say.call({ operation: `PATCH ${one}`, path: { id }, body: { enabled: 'no' } });
  await say.call({ operation: `PATCH ${one}`, path: { id: NO_WEBHOOK }, body: { enabled: false } });
  await gone(say, `DELETE ${one}`, id);
}

async function keys(say: ExampleRecorder): Promise<void> {
  const body = { role: 'reader', name: "Ann's app", user_id: 'ann' };
  const { id } = await say.call<Job>({ operation: 'POST /v1/keys', body });
  await say.call({ operation: 'POST /v1/keys', body: { ...body, role: 'root' } });
  await say.call({ operation: 'GET /v1/keys' });
  await say.call({ operation: 'GET /v1/keys', query: { cursor: 'nonsense' } });
  await gone(say, 'DELETE /v1/keys/{id}', id);
}

async function erased(say: ExampleRecorder): Promise<void> {
  const erase = { operation: 'POST /v1/users/{user_id}/erase', path: { user_id: 'bob' } };
  await say.call({ ...erase, body: { reason: 'request 4711' } });
  await say.call({ ...erase, body: { reason: 'request 4711' } });
  await say.call({ ...erase, body: { reason: '' } });
}

/** Calls each operation without a key and with a key of another role. */
async function strangers(say: ExampleRecorder, producer: string, finance: string): Promise<void> {
  for (const operation of Object.keys(say.examples)) {
    if (operation.includes('/health/')) continue;
    const key =
      /\/v1\/events$/.test(operation) && operation.startsWith('POST') ? finance : producer;
    await say.call({ operation, key: null });
    await say.call({ operation, key });
  }
}

/** Makes all calls of the examples to a new ledger, in order. */
export async function askEverything(
  say: ExampleRecorder,
  receiver: string,
  keysOfLedger: { readonly producer: string; readonly finance: string },
): Promise<void> {
  const rest = await toldOf(say, receiver);
  await producers(say);
  await finance(say);
  await reads(say);
  await jobs(say);
  await rest();
  await strangers(say, keysOfLedger.producer, keysOfLedger.finance);
}
