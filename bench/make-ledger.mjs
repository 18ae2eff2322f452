/**
 * Makes a big ledger in a data folder, through the real recorder: sessions of three events of about 630 bytes, over
 * three months, from users of very different sizes. See README.md.
 */
import { createRequire } from 'node:module';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { randomFrom } from './lib/events.mjs';

const built = createRequire(new URL('../dist/', import.meta.url));
const { readConfig } = built('./config/config.js');
const { readCloudEvent } = built('./domain/events/cloud-event.js');
const { openLedger } = built('./ledger/open-ledger.js');
const { Recorder } = built('./ledger/recorder.js');
const { KeptPersonalKeys } = built('./personal/kept-personal-keys.js');
const { openVault } = built('./app/open-vault.js');
const { openEventStore } = built('./app/stores.js');

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '100000' },
    out: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const total = Number(values.events);
if (values.out === undefined || !Number.isSafeInteger(total) || total < 3) {
  console.error('Usage: node bench/make-ledger.mjs --events N --out FOLDER [--seed N]');
  process.exit(2);
}

const BATCH_SESSIONS = 1_000;
const FIRST = Date.parse('2026-08-01T00:00:00Z');
const LAST = Date.parse('2026-10-31T00:00:00Z');
const PROVIDERS = ['google', 'google', 'assemblyai', 'deepgram'];
const FILLER =
  'worker node pool asia-east1 build 2026.08.1 model large diarization on region tw '.repeat(4);

const random = randomFrom(Number(values.seed));
const sessions = Math.ceil(total / 3);
const users = Math.max(10, Math.round(sessions / 40));
let clock = FIRST;

function event(session, number, kind, time, data) {
  return {
    specversion: '1.0',
    id: `${session.id}-${number}`,
    source: `bench/worker-${session.number % 16}`,
    type: `transcription.session.${kind}`,
    time: new Date(time).toISOString(),
    data: { session_id: session.id, user_id: session.user, ...data },
  };
}

/**
 * The three events of a session: started, failed and completed; or completed and retried; or given up and completed
 * later.
 */
function tell(number) {
  const begin = FIRST + Math.floor(((LAST - FIRST) * number) / sessions);
  const session = {
    number,
    id: `rec-${String(number).padStart(8, '0')}`,
    // A few large customers and many small ones.
    user: `user-${String(Math.floor(random() ** 3 * users)).padStart(6, '0')}`,
  };
  const provider = PROVIDERS[Math.floor(random() * PROVIDERS.length)];
  const seconds = Math.round(10 ** (1 + random() * 2.4) * 1000) / 1000;
  const filler = (used) => ({ note: FILLER.slice(0, Math.max(1, 350 - used)) });
  const started = (attempt, at) =>
    event(session, attempt === 1 ? 1 : 2, 'started', at, {
      stt_provider: provider,
      attempt,
      language: 'zh-TW',
      original_filename: `${session.id}.wav`,
      file_size_bytes: Math.round(seconds * 32_000),
      provider_metadata: filler(60),
    });
  const completed = (attempt, at, place) =>
    event(session, place, 'completed', at, {
      stt_provider: provider,
      attempt,
      duration_seconds: seconds,
      speaker_count: 1 + Math.floor(random() * 4),
      confidence_score: Math.round((0.7 + random() * 0.3) * 1000) / 1000,
      word_count: Math.round(seconds * 2.4),
      processing_time_seconds: Math.round(seconds * 300) / 1000,
      provider_metadata: filler(120),
    });
  const fate = random();
  const end = begin + Math.round(seconds * 300);
  if (fate < 0.4) {
    const failed = event(session, 2, 'failed', begin + 2_000, {
      stt_provider: provider,
      error_code: 'provider_5xx',
      error_message: FILLER.slice(0, 200),
      provider_metadata: filler(220),
    });
    return [started(1, begin), failed, completed(2, end + 30_000, 3)];
  }
  if (fate < 0.7) {
    return [started(1, begin), started(2, begin + 60_000), completed(2, end + 60_000, 3)];
  }
  const again = event(session, 3, 'retried', end + 60_000, {
    attempt: 2,
    requested_by: session.user,
    reason: 'asked for again',
    provider_metadata: filler(10),
  });
  return [started(1, begin), completed(1, end, 2), again];
}

const folder = resolve(values.out);
mkdirSync(folder, { recursive: true, mode: 0o700 });
const config = readConfig({ DATA_DIR: folder }, FIRST);
const store = await openEventStore(config);
try {
  if ((await store.head()) > 0)
    throw new Error(`${join(folder, 'events.db')} already holds a ledger.`);
  const { ledger_id } = await openLedger(store, config.opening, 'UTC', FIRST);
  const vault = await openVault(config, ledger_id);
  const personalKeys = new KeptPersonalKeys(vault.tables, () => clock);
  const recorder = new Recorder(store, () => clock, personalKeys, FIRST);
  const began = process.hrtime.bigint();
  let written = 0;
  for (let from = 0; from < sessions; from += BATCH_SESSIONS) {
    const told = [];
    for (let number = from; number < Math.min(sessions, from + BATCH_SESSIONS); number += 1) {
      told.push(...tell(number));
    }
    told.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    clock = Date.parse(told.at(-1).time);
    const facts = told.map((one) => {
      const reading = readCloudEvent(one, clock);
      if ('fact' in reading) return reading.fact;
      throw new Error(JSON.stringify(reading.refusal));
    });
    const verdicts = await recorder.record(facts);
    const wrong = verdicts.find((one) => one.status !== 'recorded');
    if (wrong !== undefined) throw new Error(JSON.stringify(wrong));
    written += facts.length;
  }
  const taken = Number(process.hrtime.bigint() - began) / 1e9;
  await recorder.close();
  await vault.close();
  console.log(
    JSON.stringify({
      events: written,
      users,
      seconds: taken,
      per_second: Math.round(written / taken),
    }),
  );
} finally {
  await store.close();
}
