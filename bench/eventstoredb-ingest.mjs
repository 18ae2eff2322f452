/**
 * How fast the whole service takes events on EventStoreDB, beside what the bare client reaches on the same server with
 * the same events: see docs/explanation/measured.md.
 *
 *   npm run build && node bench/eventstoredb-ingest.mjs [rounds] [batches] [producers]
 *
 * TEST_EVENT_STORE_URL is the server (default esdb://127.0.0.1:2113?tls=false). It gets streams of its own, which stay.
 */
import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import client from '@eventstore/db-client';

import { BATCH, makeBatches, root, say, sendAll, sideBySide, startService } from './load.mjs';

const require = createRequire(import.meta.url);
const { readCloudEvent } = require(join(root, 'dist/domain/events/cloud-event.js'));
const { writeFact } = require(join(root, 'dist/domain/events/stored.js'));

const { EventStoreDBClient, jsonEvent, NO_STREAM } = client;
const URL_OF_STORE = process.env.TEST_EVENT_STORE_URL || 'esdb://127.0.0.1:2113?tls=false';
const [rounds = 5, batches = 40, producers = 2] = process.argv.slice(2).map(Number);
const IN_FLIGHT = 512;
const WARM_UP_BATCHES = 10;

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

const store = EventStoreDBClient.connectionString(URL_OF_STORE);
const run = `bench-${Date.now().toString(36)}`;
const result = {};
for (const each of [1, 3]) {
  const service = await startService({
    EVENT_STORE_URL: URL_OF_STORE,
    STREAM_PREFIX: `${run}-${each}.`,
  });
  const figures = { bare: [], acknowledged: [], upToDate: [] };
  await bare(store, `${run}-${each}-bare.`, makeBatches('warm', WARM_UP_BATCHES, each));
  await sendAll(service, makeBatches('warm', WARM_UP_BATCHES, each), producers);
  for (let round = 0; round < rounds; round += 1) {
    const name = `r${round}`;
    figures.bare.push(await bare(store, `${run}-${each}-bare.`, makeBatches(name, batches, each)));
    const { acknowledged, upToDate } = await sendAll(
      service,
      makeBatches(name, batches, each),
      producers,
    );
    figures.acknowledged.push(acknowledged);
    figures.upToDate.push(upToDate);
  }
  await service.stop();
  console.log(
    `Ingest on EventStoreDB, ${each} event(s) a session, batches of ${BATCH}, ${producers} producers, ${rounds} rounds of ${batches} batches, events/s: median (least to most)`,
  );
  const beside = { 'the bare client': figures.bare };
  result[`events_a_session_${each}`] = {
    bare: say(`bare client, ${IN_FLIGHT} in flight`, figures.bare),
    acknowledged: say('service, acknowledged', figures.acknowledged, beside),
    up_to_date: say('service, summaries up to date', figures.upToDate, beside),
  };
}
await store.dispose();
writeFileSync('bench-eventstoredb-ingest.json', `${JSON.stringify(result, null, 2)}\n`);
