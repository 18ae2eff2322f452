/**
 * How fast a full rebuild (every event to usage logs and summaries in a database) goes on EventStoreDB, beside what the
 * bare client's catch-up subscription to the same events reaches that does nothing with them. See README.md.
 *
 *   npm run build && node bench/eventstoredb-rebuild.mjs [runs] [events]
 *
 * TEST_EVENT_STORE_URL is the server (default esdb://127.0.0.1:2113?tls=false). It gets streams of its own, which stay.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import client from '@eventstore/db-client';

import { spread } from './load.mjs';

const built = createRequire(new URL('../dist/', import.meta.url));
const { EventStoreDBClient, START, streamNameFilter } = client;
const EVENT_STORE_URL = process.env.TEST_EVENT_STORE_URL || 'esdb://127.0.0.1:2113?tls=false';
const [kind, STREAM_PREFIX, size] = process.argv[2] === '--only' ? process.argv.slice(3) : [];

/** All of the ledger's events, as the client gives them. */
async function bare() {
  const store = EventStoreDBClient.connectionString(EVENT_STORE_URL);
  const filter = streamNameFilter({ prefixes: [STREAM_PREFIX] });
  const subscription = store.subscribeToAll({ fromPosition: START, filter });
  let events = 0;
  await new Promise((resolve, reject) => {
    subscription.on('error', reject).on('data', () => {
      events += 1;
      if (events === Number(size)) resolve();
    });
  });
  await subscription.unsubscribe();
  await store.dispose();
  return events;
}

/** As the program does it, into a file that is new. */
async function rebuild() {
  const { readConfig } = built('./config/config.js');
  const { openEventReader } = built('./app/stores.js');
  const { project } = built('./projections/project.js');
  const { SqliteReadModel } = built('./read-model/sqlite/sqlite-read-model.js');
  const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const config = readConfig({ DATA_DIR: place, EVENT_STORE_URL, STREAM_PREFIX }, Date.now());
  const store = await openEventReader(config);
  const model = await SqliteReadModel.open(join(place, 'read-models.db'));
  try {
    await project(store, model.rows, await store.head(), () => undefined);
    return (await model.rows.checkpoint()).size;
  } finally {
    await model.close();
    await store.close();
    rmSync(place, { recursive: true });
  }
}

/** One run in this process: how many events, how fast, and how much of the processor they took. */
async function one() {
  const began = performance.now();
  const events = await { bare, rebuild }[kind]();
  const seconds = (performance.now() - began) / 1_000;
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpu_us = (userCPUTime + systemCPUTime) / events;
  return { events, per_second: events / seconds, cpu_us, rss_mb: maxRSS / 1_024 };
}

function inProcess(name, prefix, events) {
  const file = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [file, '--only', name, prefix, String(events)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`The run of ${name} failed.`);
  return JSON.parse(child.stdout);
}

/** A ledger made in a file, which is kept for the next time, and copied to the server. */
async function fill(prefix, events) {
  const { readConfig } = built('./config/config.js');
  const { openCopySource, openCopyTarget } = built('./app/stores.js');
  const { copyLedger } = built('./migration/copy.js');
  const folder = join(tmpdir(), `minutebook-bench-${events}`);
  if (!existsSync(join(folder, 'events.db'))) {
    const maker = fileURLToPath(new URL('./make-ledger.mjs', import.meta.url));
    const arguments_ = [maker, '--events', String(events), '--out', folder];
    const made = spawnSync(process.execPath, arguments_, { stdio: 'inherit' });
    if (made.status !== 0) throw new Error('The ledger could not be made.');
  }
  const source = await openCopySource(readConfig({ DATA_DIR: folder }, Date.now()).eventStore);
  const there = { DATA_DIR: folder, EVENT_STORE_URL, STREAM_PREFIX: prefix };
  const target = await openCopyTarget(readConfig(there, Date.now()).eventStore);
  const { place } = await copyLedger(source, target, () => undefined);
  await source.close();
  await target.close();
  return place.size;
}

if (kind !== undefined) {
  console.log(JSON.stringify(await one()));
} else {
  const [runs = 5, events = 100_000] = process.argv.slice(2).map(Number);
  const prefix = `bench-rebuild-${Date.now().toString(36)}.`;
  const all = await fill(prefix, events);
  const results = Array.from({ length: runs }, () => ({
    bare: inProcess('bare', prefix, all),
    rebuild: inProcess('rebuild', prefix, all),
  }));
  const result = {
    bare_per_second: spread(results.map((run) => run.bare.per_second)),
    bare_cpu_us: spread(results.map((run) => run.bare.cpu_us)),
    rebuild_per_second: spread(results.map((run) => run.rebuild.per_second)),
    rebuild_cpu_us: spread(results.map((run) => run.rebuild.cpu_us)),
    rebuild_rss_mb: spread(results.map((run) => run.rebuild.rss_mb)),
    rebuild_over_bare: spread(results.map((run) => run.rebuild.per_second / run.bare.per_second)),
  };
  console.log(`Rebuild on EventStoreDB, ${all} events, ${runs} runs: median (least to most)`);
  for (const [name, { median, min, max }] of Object.entries(result)) {
    const show = (value) => (value < 10 ? value.toFixed(2) : String(Math.round(value)));
    console.log(`  ${name.padEnd(24)} ${show(median)}  (${show(min)} to ${show(max)})`);
  }
  writeFileSync('bench-eventstoredb-rebuild.json', `${JSON.stringify(result, null, 2)}\n`);
}
