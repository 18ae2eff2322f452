/**
 * How fast the whole service takes events on EventStoreDB, beside what the bare client reaches on the same server with
 * the same events: see docs/explanation/measured.md.
 *
 *   npm run build && node bench/eventstoredb-ingest.mjs [rounds] [batches] [producers]
 *
 * TEST_EVENT_STORE_URL is the server (default esdb://127.0.0.1:2113?tls=false). It gets streams of its own, which stay.
 */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import client from '@eventstore/db-client';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);
const { readCloudEvent } = require(join(root, 'dist/domain/events/cloud-event.js'));
const { writeFact } = require(join(root, 'dist/domain/events/stored.js'));

const { EventStoreDBClient, jsonEvent, NO_STREAM } = client;
const URL_OF_STORE = process.env.TEST_EVENT_STORE_URL || 'esdb://127.0.0.1:2113?tls=false';
const [rounds = 5, batches = 30, producers = 2] = process.argv.slice(2).map(Number);
/** Of the service's process: those of `npm start`, and more such as --cpu-prof. */
const NODE_FLAGS = [
  '--max-semi-space-size=128',
  ...(process.env.BENCH_NODE_FLAGS?.split(' ') ?? []),
];
const BATCH = 1_000;
const IN_FLIGHT = 512;
const WARM_UP_BATCHES = 10;
/** Between one event's time and the next one's. */
const STEP_MS = 5;
let time = Date.now() - 6 * 3_600_000;

/**
 * Batches of 1,000 CloudEvents; `each` facts a session: started, retried (from 3 on) and completed. Each happened a
 * little after the one before it, as in life: many at one instant would be rated in another order than they came in.
 */
function makeBatches(name, count, each) {
  return Array.from({ length: count }, (_, batch) =>
    Array.from({ length: BATCH }, (_, index) => {
      const session = `${name}-${batch}-${Math.floor(index / each)}`;
      const kind =
        index % each === each - 1 ? 'completed' : index % each === 0 ? 'started' : 'retried';
      return {
        specversion: '1.0',
        id: `${session}-${index % each}`,
        source: 'bench/worker-1',
        type: `transcription.session.${kind}`,
        time: new Date((time += STEP_MS)).toISOString(),
        data: {
          session_id: session,
          user_id: `user-${Math.floor(index / each) % 500}`,
          stt_provider: 'google',
          ...(kind === 'completed'
            ? { duration_seconds: 61.5, word_count: 180, confidence_score: 0.93, channels: 1 }
            : {}),
          ...(kind === 'retried' ? { attempt: 2, requested_by: 'user' } : {}),
          ...(kind === 'completed' && each > 2 ? { attempt: 2 } : {}),
          ...(kind === 'retried' ? {} : { language: 'en-US' }),
          provider_metadata: {
            model: 'latest_long',
            region: 'europe-west4',
            request: randomUUID(),
          },
        },
      };
    }),
  );
}

/** The appends of a batch, as the service makes them. */
function appendsOf(prefix, batch) {
  const streams = new Map();
  for (const event of batch) {
    const reading = readCloudEvent(event, Date.now());
    if (!('fact' in reading)) throw new Error(JSON.stringify(reading));
    const stream = `${prefix}session-${event.data.session_id}`;
    const { type, body } = writeFact(reading.fact);
    const metadata = { recorded_at: Date.now(), left: 0 };
    const events = streams.get(stream) ?? [];
    events.push(jsonEvent({ id: randomUUID(), type, data: JSON.parse(body), metadata }));
    streams.set(stream, events);
  }
  return [...streams];
}

async function sideBySide(items, atATime, work) {
  let next = 0;
  const run = async () => {
    while (next < items.length) await work(items[next++]);
  };
  await Promise.all(Array.from({ length: Math.min(atATime, items.length) }, run));
}

async function bare(store, prefix, all) {
  const prepared = all.map((batch) => appendsOf(prefix, batch));
  const began = performance.now();
  for (const appends of prepared) {
    await sideBySide(appends, IN_FLIGHT, ([stream, events]) =>
      store.appendToStream(stream, events, { expectedRevision: NO_STREAM }),
    );
  }
  return (all.length * BATCH) / ((performance.now() - began) / 1_000);
}

async function startService(prefix) {
  const dataDir = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const child = spawn(process.execPath, [...NODE_FLAGS, join(root, 'dist/main.js')], {
    env: {
      ...process.env,
      DATA_DIR: dataDir,
      HOST: '127.0.0.1',
      PORT: '0',
      EVENT_STORE_URL: URL_OF_STORE,
      STREAM_PREFIX: prefix,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const url = await new Promise((resolve, reject) => {
    child.stdout.on('data', (text) => {
      const found = /listens on (\S+)/.exec(String(text));
      if (found) resolve(found[1]);
    });
    child.once('exit', () => reject(new Error('The service did not start.')));
  });
  const stop = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  };
  return { url, stop };
}

/** Until all is acknowledged, and a summary has it. */
async function whole(url, all) {
  const bodies = all.map((batch) => JSON.stringify(batch));
  const began = performance.now();
  let last = 0;
  await sideBySide(bodies, producers, async (body) => {
    const answer = await fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/cloudevents-batch+json' },
      body,
    });
    const { position, results } = await answer.json();
    const wrong = results?.find((result) => result.status !== 'recorded');
    if (answer.status !== 200 || wrong)
      throw new Error(`${answer.status} ${JSON.stringify(wrong)}`);
    last = Math.max(last, Number(position));
  });
  const acknowledged = performance.now();
  for (;;) {
    const answer = await fetch(`${url}/v1/users/user-1/usage-summary?at_least=${last}`);
    await answer.arrayBuffer();
    if (answer.status === 200) break;
    if (answer.status !== 503) throw new Error(`${answer.status}`);
  }
  const rate = (until) => (all.length * BATCH) / ((until - began) / 1_000);
  return { acknowledged: rate(acknowledged), upToDate: rate(performance.now()) };
}

function spread(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}

/** What was measured beside the bare client in the same round. */
function say(label, figures, bareFigures) {
  const rate = spread(figures);
  const share = spread(figures.map((figure, round) => figure / bareFigures[round]));
  const show = ({ median, min, max }, digits) =>
    `${median.toFixed(digits)} (${min.toFixed(digits)} to ${max.toFixed(digits)})`;
  const beside = figures === bareFigures ? '' : `, ${show(share, 2)} of the bare client`;
  console.log(`  ${label.padEnd(32)} ${show(rate, 0)}${beside}`);
  return { per_second: rate, share };
}

const store = EventStoreDBClient.connectionString(URL_OF_STORE);
const run = `bench-${Date.now().toString(36)}`;
const result = {};
for (const each of [1, 3]) {
  const service = await startService(`${run}-${each}.`);
  const figures = { bare: [], acknowledged: [], upToDate: [] };
  await bare(store, `${run}-${each}-bare.`, makeBatches('warm', WARM_UP_BATCHES, each));
  await whole(service.url, makeBatches('warm', WARM_UP_BATCHES, each));
  for (let round = 0; round < rounds; round += 1) {
    const name = `r${round}`;
    figures.bare.push(await bare(store, `${run}-${each}-bare.`, makeBatches(name, batches, each)));
    const { acknowledged, upToDate } = await whole(service.url, makeBatches(name, batches, each));
    figures.acknowledged.push(acknowledged);
    figures.upToDate.push(upToDate);
  }
  await service.stop();
  console.log(
    `Ingest on EventStoreDB, ${each} event(s) a session, batches of ${BATCH}, ${producers} producers, ${rounds} rounds of ${batches} batches, events/s: median (least to most)`,
  );
  result[`events_a_session_${each}`] = {
    bare: say(`bare client, ${IN_FLIGHT} in flight`, figures.bare, figures.bare),
    acknowledged: say('service, acknowledged', figures.acknowledged, figures.bare),
    up_to_date: say('service, summaries up to date', figures.upToDate, figures.bare),
  };
}
await store.dispose();
writeFileSync('bench-eventstoredb-ingest.json', `${JSON.stringify(result, null, 2)}\n`);
