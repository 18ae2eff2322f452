/**
 * A full rebuild on EventStoreDB, beside the bare client's catch-up subscription, which does nothing with the events.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import client from '@eventstore/db-client';

import { eventStoreUrl } from '../lib/eventstoredb.mjs';
import { line } from '../lib/figures.mjs';
import { ledgerOf } from '../lib/ledgers.mjs';

export const name = 'eventstoredb-rebuild';

const built = createRequire(new URL('../../dist/', import.meta.url));
const { EventStoreDBClient, START, streamNameFilter } = client;
const here = fileURLToPath(import.meta.url);

/** Reads all of the ledger's events through the client's subscription. */
async function bare({ url, prefix, size }) {
  const store = EventStoreDBClient.connectionString(url);
  const filter = streamNameFilter({ prefixes: [prefix] });
  const subscription = store.subscribeToAll({ fromPosition: START, filter });
  let events = 0;
  await new Promise((resolve, reject) => {
    subscription.on('error', reject).on('data', () => {
      events += 1;
      if (events === size) resolve();
    });
  });
  await subscription.unsubscribe();
  await store.dispose();
  return events;
}

/** Rebuilds as the program does, into a new file. */
async function rebuild({ url, prefix }) {
  const { readConfig } = built('./config/config.js');
  const { openEventReader } = built('./app/stores.js');
  const { project } = built('./projections/project.js');
  const { SqliteReadModel } = built('./read-model/sqlite/sqlite-read-model.js');
  const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const environment = { DATA_DIR: place, EVENT_STORE_URL: url, STREAM_PREFIX: prefix };
  const store = await openEventReader(readConfig(environment, Date.now()));
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

async function one(kind, order) {
  const began = performance.now();
  const events = await { bare, rebuild }[kind](order);
  return { events, per_second: events / ((performance.now() - began) / 1_000) };
}

function inProcess(kind, order) {
  const child = spawnSync(process.execPath, [here, kind, JSON.stringify(order)], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`The run of ${kind} failed.`);
  return JSON.parse(child.stdout);
}

/** Makes a ledger in a file and copies it to the server; returns how many events it has. */
async function fill(url, prefix, events) {
  const { readConfig } = built('./config/config.js');
  const { openCopySource, openCopyTarget } = built('./app/stores.js');
  const { copyLedger } = built('./migration/copy.js');
  const folder = ledgerOf(events);
  const source = await openCopySource(readConfig({ DATA_DIR: folder }, Date.now()).eventStore);
  const there = { DATA_DIR: folder, EVENT_STORE_URL: url, STREAM_PREFIX: prefix };
  const target = await openCopyTarget(readConfig(there, Date.now()).eventStore);
  const { place } = await copyLedger(source, target, () => undefined);
  await source.close();
  await target.close();
  return place.size;
}

export async function measure({ rounds, quick }) {
  const url = await eventStoreUrl();
  if (url === undefined) return [];
  const prefix = `bench-rebuild-${Date.now().toString(36)}.`;
  const size = await fill(url, prefix, quick ? 10_000 : 100_000);
  const order = { url, prefix, size };
  const runs = Array.from({ length: rounds }, () => ({
    bare: inProcess('bare', order).per_second,
    ours: inProcess('rebuild', order).per_second,
  }));
  return [
    line({
      what: `EventStoreDB: full rebuild of ${size} events`,
      unit: 'events/s',
      ours: runs.map((run) => run.ours),
      over: { what: "the bare client's catch-up", values: runs.map((run) => run.bare) },
      floor: 0.7,
      goal: 0.95,
    }),
  ];
}

if (process.argv[1] === here) {
  console.log(JSON.stringify(await one(process.argv[2], JSON.parse(process.argv[3]))));
  process.exit();
}
