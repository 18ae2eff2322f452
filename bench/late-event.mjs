/**
 * One late event before a statement of many logs: how long until the summary has it, and what it costs to project a month in
 * random order of time beside the same in order. In one process, on a ledger in memory and a read model in a SQLite file.
 *
 *   node bench/late-event.mjs [--logs 100000] [--price flat|fraction|volume|graduated|allowance]
 *   node bench/late-event.mjs --disorder [--users 5] [--logs 30000] [--batch 500]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

const require = createRequire(import.meta.url);
const built = (path) => require(`../dist/${path}`);
const { MemoryEventStore } = built('./event-store/memory/memory-event-store.js');
const { openLedger } = built('./ledger/open-ledger.js');
const Database = require('better-sqlite3');
const { SqliteKeptTables } = built('./kept/sqlite-kept-tables.js');
const { KeptPersonalKeys } = built('./personal/kept-personal-keys.js');
const { Recorder } = built('./ledger/recorder.js');
const { readCloudEvent } = built('./domain/events/cloud-event.js');
const { parsePlans } = built('./domain/plan/parse-plans.js');
const { parseRateCard } = built('./domain/rating/rate-card.js');
const { Projector } = built('./projections/projector.js');
const { SqliteReadModel } = built('./read-model/sqlite/sqlite-read-model.js');

const { values } = parseArgs({
  options: {
    logs: { type: 'string' },
    users: { type: 'string', default: '5' },
    batch: { type: 'string', default: '500' },
    price: { type: 'string', default: 'flat' },
    disorder: { type: 'boolean', default: false },
    cold: { type: 'boolean', default: false },
  },
});

const NOW = Date.parse('2026-11-20T00:00:00Z');
const FROM = Date.parse('2026-10-01T00:00:00Z');
const MONTH_MS = 30 * 86_400_000;

const FLAT = { amount: '0.03', increment_seconds: 60, minimum_seconds: 60 };
const tiers = (middle) => [
  { up_to_minutes: middle, amount: '0.024' },
  { up_to_minutes: null, amount: '0.015' },
];
const PRICES = {
  flat: FLAT,
  fraction: { amount: '0.0171' },
  // The last log reaches the second tier: the late event comes before all, and moves the total on.
  volume: { tier_mode: 'volume', tiers: tiers('100') },
  graduated: { tier_mode: 'graduated', tiers: tiers('5000') },
  allowance: { amount: '0.0171' },
};

async function open(price) {
  const store = new MemoryEventStore();
  const kept = SqliteKeptTables.in(new Database(':memory:'));
  const personalKeys = new KeptPersonalKeys(kept, () => NOW);
  const card = { currency: 'TWD', prices: { default: PRICES[price] } };
  const included = price === 'allowance' ? '100000' : '0';
  const terms = {
    rateCards: [parseRateCard(card, 0)],
    plans: parsePlans({ free: { included_minutes: included } }),
  };
  await openLedger(store, terms, 'UTC', NOW);
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const model = await SqliteReadModel.open(join(folder, 'read-models.db'));
  const recorder = new Recorder(store, () => NOW, personalKeys);
  const start = () => {
    const projector = new Projector(store, model.rows, (error) => console.error(error));
    projector.start();
    return projector;
  };
  const close = async () => {
    await model.close();
    rmSync(folder, { recursive: true });
  };
  return { store, recorder, model, start, close };
}

let seed = 42;
function random() {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed / 2 ** 32;
}

function completed(user, number, time) {
  const event = {
    specversion: '1.0',
    id: `c-${number}`,
    source: 'bench',
    type: 'transcription.session.completed',
    time: new Date(time).toISOString(),
    data: {
      session_id: `session-${user}-${number}`,
      user_id: user,
      stt_provider: ['google', 'deepgram', 'whisper'][Number.isInteger(number) ? number % 3 : 0],
      duration_seconds: Math.floor(random() * 3000) / 10 + 1,
      channels: 1,
      language: 'en',
      original_filename: `recording ${number}.wav`,
      word_count: 100,
    },
  };
  const reading = readCloudEvent(event, NOW);
  if ('refusal' in reading) throw new Error(JSON.stringify(reading.refusal));
  return reading.fact;
}

const median = (all) => all.toSorted((a, b) => a - b)[all.length >> 1];

async function record({ store, recorder }, projector, facts, batch) {
  for (let from = 0; from < facts.length; from += batch) {
    await recorder.record(facts.slice(from, from + batch));
    if (projector && !(await projector.waiter.waitFor(await store.head(), 600_000))) {
      throw new Error('The projection does not move.');
    }
  }
}

async function late(price, logs, cold) {
  const ledger = await open(price);
  let projector = ledger.start();
  const facts = Array.from({ length: logs }, (_, number) =>
    completed('ann', number, FROM + 3_600_000 + (number * (MONTH_MS - 7_200_000)) / logs),
  );
  await record(ledger, projector, facts, 4_000);
  const times = [];
  for (let number = 0; number < 7; number += 1) {
    if (cold) {
      await projector.close();
      projector = ledger.start();
      await projector.waiter.waitFor(await ledger.store.head(), 60_000);
    }
    const fact = completed('ann', `late-${number}`, FROM + 1_000 * (7 - number));
    const began = performance.now();
    await ledger.recorder.record([fact]);
    await projector.waiter.waitFor(await ledger.store.head(), 600_000);
    times.push(performance.now() - began);
  }
  await projector.close();
  await ledger.close();
  return {
    price,
    logs,
    cold,
    first_ms: Math.round(times[0]),
    median_ms: Math.round(median(times)),
  };
}

async function disorder(price, users, logs, batch) {
  const run = async (shuffle) => {
    const ledger = await open(price);
    const projector = ledger.start();
    const facts = [];
    for (let number = 0; number < logs; number += 1) {
      for (let user = 0; user < users; user += 1) {
        facts.push(completed(`user-${user}`, number, FROM + (number * MONTH_MS) / logs));
      }
    }
    if (shuffle) {
      for (let at = facts.length - 1; at > 0; at -= 1) {
        const other = Math.floor(random() * (at + 1));
        [facts[at], facts[other]] = [facts[other], facts[at]];
      }
    }
    const began = performance.now();
    await record(ledger, projector, facts, batch);
    const rate = (facts.length * 1_000) / (performance.now() - began);
    await projector.close();
    await ledger.close();
    return Math.round(rate);
  };
  const order = await run(false);
  const random_ = await run(true);
  return {
    price,
    users,
    logs,
    batch,
    order,
    disorder: random_,
    ratio: +(random_ / order).toFixed(2),
  };
}

const logs = Number(values.logs ?? (values.disorder ? 30_000 : 100_000));
const result = values.disorder
  ? await disorder(values.price, Number(values.users), logs, Number(values.batch))
  : await late(values.price, logs, values.cold);
result.resident_mb = Math.round(process.memoryUsage.rss() / 1e6);
console.log(JSON.stringify(result));
