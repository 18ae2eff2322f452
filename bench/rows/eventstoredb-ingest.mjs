/**
 * Ingest on EventStoreDB, beside the bare client that appends the same events to the same streams on the same server.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';

import client from '@eventstore/db-client';

import { disorderlyBatches } from '../lib/events.mjs';
import { eventStoreUrl } from '../lib/eventstoredb.mjs';
import { line } from '../lib/figures.mjs';
import { sendAll, sideBySide } from '../lib/send.mjs';
import { startService } from '../lib/service.mjs';

export const name = 'eventstoredb-ingest';

const built = createRequire(new URL('../../dist/', import.meta.url));
const { EventStoreDBClient, jsonEvent, NO_STREAM } = client;
const IN_FLIGHT = 512;
const WARM_UP_BATCHES = 10;

/** The appends of a batch, as the service makes them. */
function appendsOf(prefix, batch) {
  const { readCloudEvent } = built('./domain/events/cloud-event.js');
  const { writeFact } = built('./domain/events/stored.js');
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

async function bare(store, prefix, batches) {
  const prepared = batches.map((batch) => appendsOf(prefix, batch));
  const events = batches.reduce((sum, batch) => sum + batch.length, 0);
  const began = performance.now();
  for (const appends of prepared) {
    await sideBySide(appends, IN_FLIGHT, ([stream, all]) =>
      store.appendToStream(stream, all, { expectedRevision: NO_STREAM }),
    );
  }
  return events / ((performance.now() - began) / 1_000);
}

export async function measure({ rounds, quick }) {
  const url = await eventStoreUrl();
  if (url === undefined) return [];
  const batches = quick ? 5 : 40;
  const prefix = `bench-${Date.now().toString(36)}`;
  const store = EventStoreDBClient.connectionString(url);
  const service = await startService({ EVENT_STORE_URL: url, STREAM_PREFIX: `${prefix}.` });
  const figures = { bare: [], acknowledged: [], upToDate: [] };
  try {
    await bare(store, `${prefix}-bare.`, disorderlyBatches('warm', WARM_UP_BATCHES));
    await sendAll(service, disorderlyBatches('warm', WARM_UP_BATCHES));
    for (let round = 0; round < rounds; round += 1) {
      const made = () => disorderlyBatches(`r${round}`, batches, { seed: round });
      figures.bare.push(await bare(store, `${prefix}-bare.`, made()));
      const { acknowledged, upToDate } = await sendAll(service, made());
      figures.acknowledged.push(acknowledged);
      figures.upToDate.push(upToDate);
    }
  } finally {
    await service.stop();
    await store.dispose();
  }
  const over = { what: `the bare client, ${IN_FLIGHT} in flight`, values: figures.bare };
  const unit = 'events/s';
  const what = 'EventStoreDB: ingest, two facts a session, times in no order';
  return [
    line({
      what: `${what}, up to date`,
      unit,
      ours: figures.upToDate,
      over,
      floor: 0.7,
      goal: 0.9,
    }),
    line({ what: 'the same, acknowledged', unit, ours: figures.acknowledged, over }),
  ];
}
