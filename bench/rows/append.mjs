/** The recorder's append without HTTP, with 64 writers of three facts, beside Emmett's event store on SQLite. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { getSQLiteEventStore } from '@event-driven-io/emmett-sqlite';

import { completed, started } from '../lib/events.mjs';
import { line } from '../lib/figures.mjs';
import { sideBySide } from '../lib/send.mjs';

export const name = 'append';

const built = createRequire(new URL('../../dist/', import.meta.url));
const WRITERS = 64;

function sessionsOf(prefix, count) {
  const began = Date.now() - 86_400_000;
  return Array.from({ length: count }, (_, number) => {
    const session = `${prefix}-${number}`;
    const user = `user-${number % 500}`;
    const at = began + number;
    return [
      started(session, user, at),
      completed(session, user, at + 1, { attempt: 1 }),
      { ...started(session, user, at + 2, { attempt: 2 }), id: `${session}-again` },
    ];
  });
}

/** The recorder, which also judges each fact; its appends share an fsync. */
async function openOurs(folder) {
  const { readConfig } = built('./config/config.js');
  const { openVault } = built('./app/open-vault.js');
  const { openEventStore } = built('./app/stores.js');
  const { openLedger } = built('./ledger/open-ledger.js');
  const { Recorder } = built('./ledger/recorder.js');
  const { readCloudEvent } = built('./domain/events/cloud-event.js');
  const { KeptPersonalKeys } = built('./personal/kept-personal-keys.js');
  const config = readConfig({ DATA_DIR: folder }, Date.now());
  const store = await openEventStore(config);
  const { ledger_id } = await openLedger(store, config.opening, 'UTC', Date.now());
  const vault = await openVault(config, ledger_id);
  const recorder = new Recorder(store, Date.now, new KeptPersonalKeys(vault.tables, Date.now));
  return {
    prepare: (session) => session.map((event) => readCloudEvent(event, Date.now()).fact),
    async append(facts) {
      const verdicts = await recorder.record(facts);
      if (verdicts.some(({ status }) => status !== 'recorded'))
        throw new Error('A fact was not recorded.');
    },
    async close() {
      await recorder.close();
      await vault.close();
      await store.close();
    },
  };
}

function openEmmett(folder) {
  const store = getSQLiteEventStore({
    fileName: join(folder, 'emmett.db'),
    schema: { autoMigration: 'CreateOrUpdate' },
    connectionOptions: { singleton: true },
  });
  return {
    prepare: (session) => ({
      stream: session[0].data.session_id,
      events: session.map(({ type, data }) => ({ type, data, metadata: {} })),
    }),
    append: ({ stream, events }) => store.appendToStream(stream, events),
    close: () => Promise.resolve(),
  };
}

async function run(target, prefix, count, atOnce) {
  const sessions = sessionsOf(prefix, count).map(target.prepare);
  const began = performance.now();
  await sideBySide(sessions, atOnce, target.append);
  return (count * 3) / ((performance.now() - began) / 1_000);
}

export async function measure({ rounds, quick }) {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const [ours, emmett] = [await openOurs(folder), openEmmett(folder)];
  const figures = { ours: [], emmett: [] };
  const [many, few] = quick ? [2_000, 100] : [20_000, 500];
  try {
    await run(ours, 'warm', few, WRITERS);
    await run(emmett, 'warm', few / 10, 1);
    for (let round = 0; round < rounds; round += 1) {
      figures.ours.push(await run(ours, `r${round}`, many, WRITERS));
      // Emmett's one connection runs one transaction at a time.
      figures.emmett.push(await run(emmett, `r${round}`, few, 1));
    }
  } finally {
    await ours.close();
    await emmett.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return [
    line({
      what: 'recorder alone, 64 writers of 3 facts, durable',
      unit: 'events/s',
      ours: figures.ours,
      over: { what: 'Emmett on SQLite, one connection', values: figures.emmett },
      floor: 3,
      goal: 5,
    }),
  ];
}
