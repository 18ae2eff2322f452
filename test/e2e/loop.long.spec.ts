import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readConfig } from '../../src/config/config';
import { readCloudEvent } from '../../src/domain/events/cloud-event';
import type { Fact, Json } from '../../src/domain/events/facts';
import { SqliteEventStore } from '../../src/event-store/sqlite/sqlite-event-store';
import { openLedger } from '../../src/ledger/open-ledger';
import { Recorder } from '../../src/ledger/recorder';
import { pause } from '../support/eventually';
import { keysOf } from '../support/keys';
import { build, ServingProcess } from '../support/process';
import { BATCH, completed, HttpService } from '../support/service';
import { slowness } from '../support/slowness';
import { personalKeysInMemory } from '../support/personal-keys';

/** `LOOP_LOGS=100000 npx jest test/e2e/loop` uses a large ledger. Half of the logs belong to one user, in one month. */
const LOGS = Number(process.env['LOOP_LOGS'] ?? 24_000);
const OTHERS = 300;
/**
 * The longest that anything may keep the serving thread busy at a stretch, and so keep others waiting; longer if this
 * machine is slower ({@link slowness}).
 */
const MOST_AT_WORK_MS = 50;
/** The same including waits, such as for the disk, which the tests running beside this one use too. */
const MOST_HELD_MS = 500;

const OCTOBER = Date.parse('2026-10-01T00:00:00Z');
const MONTH_MS = 31 * 86_400_000;
const PERIOD = '2026-10';

interface Operation {
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
}

/** Logs in order of time, of one heavy user and many others. */
function facts(): Fact[] {
  return Array.from({ length: LOGS }, (_, at) => {
    const time = new Date(OCTOBER + Math.floor((at * MONTH_MS) / LOGS)).toISOString();
    const user_id = at % 2 === 0 ? 'heavy' : `user-${at % OTHERS}`;
    const data = { session_id: `s-${at}`, user_id, duration_seconds: 30 + (at % 90) };
    const reading = readCloudEvent(completed(data, { time }) as Json, OCTOBER + 2 * MONTH_MS);
    if ('fact' in reading) return reading.fact;
    throw new Error(JSON.stringify(reading.refusal));
  });
}

async function makeLedger(folder: string): Promise<void> {
  const store = SqliteEventStore.open(join(folder, 'events.db'));
  const now = Date.now();
  await openLedger(store, readConfig({}, now).opening, 'UTC', now);
  const recorder = new Recorder(store, Date.now, personalKeysInMemory());
  const all = facts();
  for (let from = 0; from < all.length; from += 5_000) {
    await recorder.record(all.slice(from, from + 5_000));
  }
  await recorder.close();
  await store.close();
}

describe('the event loop of the serving thread', () => {
  let folder: string;
  let heldFile: string;
  let serving: ServingProcess;
  let service: HttpService;
  /** What ran, and between which times. */
  const steps: { readonly name: string; readonly from: number; readonly to: number }[] = [];
  let slower = 1;

  /** Runs a step, and waits a moment afterwards, so that its after-effects count as its own. */
  const step = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    const from = Date.now();
    try {
      return await work();
    } finally {
      await pause(60);
      steps.push({ name, from, to: Date.now() });
    }
  };
  const read = (path: string, accept = 'application/json') =>
    step(`GET ${path}`, async () => {
      const response = await serving.fetch(path, { headers: { accept } });
      const { length } = await response.text();
      expect([path, response.status]).toEqual([path, 200]);
      return length;
    });
  const caughtUp = async () => {
    for (;;) {
      const { body } = await service.get<{ read_model: { behind: number | null } }>(
        '/health/ready',
      );
      if (body.read_model.behind === 0) return;
      await pause(100);
    }
  };
  const job = async (kind: string, body: object) => {
    const { body: begun } = await service.post<{ id: string }>(
      `/v1/audit/${kind}`,
      'application/json',
      JSON.stringify(body),
    );
    for (;;) {
      const { body: job } = await service.get<{ status: string }>(`/v1/audit/${kind}/${begun.id}`);
      if (job.status === 'failed') throw new Error(JSON.stringify(job));
      if (job.status === 'done') return begun.id;
      await pause(100);
    }
  };
  /** The steps that blocked the loop for too long, and for how long. */
  const tooLong = () => {
    const held = readFileSync(heldFile, 'utf8').split('\n').filter(Boolean);
    return held.flatMap((line) => {
      const [at, ran, ms] = line.split(' ').map(Number) as [number, number, number];
      if (ran <= MOST_AT_WORK_MS * slower && ms <= MOST_HELD_MS * slower) return [];
      const during = steps.filter(({ from, to }) => at >= from && at - ms <= to);
      return during.map(({ name }) => `${name}: ${ran} ms at work, ${ms} ms in all`);
    });
  };

  beforeAll(async () => {
    build();
    folder = mkdtempSync(join(tmpdir(), 'minutebook-loop-'));
    heldFile = join(folder, 'held.txt');
    writeFileSync(heldFile, '');
    await makeLedger(folder);
    serving = await ServingProcess.start(folder, {
      NODE_OPTIONS: `--require ${join(__dirname, '../support/watched-loop.cjs')}`,
      HELD_FILE: heldFile,
    });
    service = new HttpService(serving.url, keysOf(folder));
    await pause(200);
  }, 300_000);
  afterAll(async () => {
    await serving.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('is blocked by nothing for more than 50 ms', async () => {
    slower = slowness();
    await step('projecting the ledger', caughtUp);
    const { body: page } = await service.get<{ items: { id: string }[] }>(
      '/v1/users/heavy/usage-logs?limit=1',
    );
    const { body: summary } = await service.get<{ position: string }>(
      '/v1/users/heavy/usage-summary',
    );
    const early = String(Math.floor(Number(summary.position) / 2));
    const values: Readonly<Record<string, string>> = {
      user_id: 'heavy',
      session_id: 's-0',
      id: page.items[0]!.id,
      period: PERIOD,
      from: '2026-10-01T00:00:00Z',
      to: '2026-11-01T00:00:00Z',
      format: 'csv',
      index: '100',
      first: '100',
      group_by: 'day',
    };
    await step('a replay', () => job('replays', {}));
    await step('a replay as of a place', () => job('replays', { as_of: early }));
    const plans = { free: { included_minutes: '1' } };
    const rehearsal = await step('a rehearsal', () => job('rehearsals', { plans }));
    await step('a rebuild', () => job('rebuilds', {}));

    // Every GET of the API, with the parameters that it requires.
    const { body: api } = await service.get<{ paths: Record<string, { get?: Operation }> }>(
      '/openapi.json',
    );
    for (const [path, { get }] of Object.entries(api.paths)) {
      if (get === undefined || /\{id\}/.test(path.replace('/v1/usage-logs/{id}', ''))) continue;
      const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => values[name]!);
      const needed = (get.parameters ?? []).filter(
        ({ name, in: where }) => where === 'query' && values[name] !== undefined,
      );
      const query = needed.map(({ name }) => `${name}=${values[name]}`).join('&');
      await read(`${filled}?${query}`);
    }
    const user = '/v1/users/heavy';
    for (const path of [
      `${user}/usage-logs?limit=500`,
      `${user}/usage-logs?limit=500&provider=nobody`,
      `${user}/usage-logs?limit=500&period=${PERIOD}`,
      `${user}/usage-logs?limit=500&transcription_type=retry_success`,
      `${user}/usage-history?months=24`,
      `${user}/usage-summary?as_of=${early}`,
      `${user}/usage-logs?limit=500&as_of=${early}`,
      `${user}/usage-trend?from=2026-10-01T00:00:00Z&to=2026-11-01T00:00:00Z&as_of=${early}`,
      `/v1/users/user-1/usage-summary?as_of=${early}`,
      `/v1/sessions/s-0?as_of=${early}`,
      `/v1/reports/usage?period=${PERIOD}&as_of=${early}`,
      `/v1/audit/pending?as_of=${early}`,
      `/v1/users?limit=500`,
      `/v1/users?search=er-1&limit=500`,
      `/v1/sessions?limit=500`,
      `/v1/sessions?search=99&limit=500`,
      `/v1/usage-logs?limit=500`,
      `/v1/usage-logs?search=nothing`,
      `/v1/usage-summaries?period=${PERIOD}&limit=500`,
      `/v1/adjustments?limit=500`,
      `/v1/audit/writes?limit=500`,
      `/v1/audit/events?limit=500`,
      `/v1/audit/events?limit=500&user_id=user-1`,
      `/v1/audit/events?limit=500&session_id=s-100`,
      `/v1/audit/export?period=${PERIOD}&format=ndjson`,
      `/v1/audit/export?period=${PERIOD}&format=focus`,
      `/v1/audit/export?period=${PERIOD}&format=hledger&as_of=${early}`,
      `/v1/audit/bundle`,
      `/v1/audit/bundle?user_id=user-1&as_of=${early}`,
      `/v1/audit/rehearsals/${rehearsal}?limit=500`,
      `/v1/audit/rehearsals/${rehearsal}?format=csv`,
    ]) {
      await read(path);
    }

    await step('a late event before all of a long statement', async () => {
      await service.one(
        completed({ user_id: 'heavy', session_id: 'late' }, { time: '2026-10-01T00:00:00Z' }),
      );
      await caughtUp();
    });
    await step('batches of 500', async () => {
      for (let round = 0; round < 4; round += 1) {
        const events = Array.from({ length: 500 }, () => completed({ user_id: 'user-2' }));
        await service.post('/v1/events', BATCH, JSON.stringify(events));
      }
      await caughtUp();
    });
    await step('a batch of 10,000', async () => {
      const provider_metadata = { note: 'x'.repeat(200) };
      const events = Array.from({ length: 10_000 }, (_, index) =>
        completed({ user_id: `user-${index % OTHERS}`, provider_metadata }),
      );
      const { status } = await service.post('/v1/events', BATCH, JSON.stringify(events));
      expect(status).toBe(200);
      await caughtUp();
    });
    await step('a card that begins in the past', () =>
      service.write('POST', '/v1/rate-cards', {
        currency: 'TWD',
        effective_from: '2026-10-02T00:00:00Z',
        prices: { default: { amount: '9' } },
      }),
    );
    await step('a card', async () => {
      const prices = { default: { amount: '0.5' } };
      await service.write('POST', '/v1/rate-cards', { currency: 'TWD', prices });
      await caughtUp();
    });
    await step('a plan for all', async () => {
      await service.write('PUT', '/v1/default-plan', { plan: 'pro' });
      await caughtUp();
    });
    await step('an adjustment', async () => {
      await service.write('POST', '/v1/adjustments', {
        user_id: 'heavy',
        period: PERIOD,
        amount_cents: 5,
        reason: 'test',
      });
      await caughtUp();
    });
    await step('a void', async () => {
      await service.write('POST', '/v1/sessions/s-0/void', { reason: 'test' });
      await caughtUp();
    });
    await step('a close', async () => {
      await service.write('POST', `/v1/billing-periods/${PERIOD}/close`, { force: true });
      await caughtUp();
    });
    slower = Math.max(slower, slowness());
    expect(tooLong()).toEqual([]);
  }, 600_000);
});
