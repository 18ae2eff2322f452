/**
 * How fast the whole service takes events on its default, the SQLite file, beside what better-sqlite3 alone does with the same
 * events: see README.md.
 *
 *   npm run build && node bench/ingest.mjs [rounds] [batches] [producers]
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { BATCH, makeBatches, root, say, sendAll, startService } from './load.mjs';

const require = createRequire(import.meta.url);
const Database = require('better-sqlite3');
const { readCloudEvent } = require(join(root, 'dist/domain/events/cloud-event.js'));
const { writeFact } = require(join(root, 'dist/domain/events/stored.js'));

const [rounds = 5, batches = 40, producers = 2] = process.argv.slice(2).map(Number);
const WARM_UP_BATCHES = 10;
const EVENTS_A_SESSION = 3;

/** The rows of a batch, before the clock starts: parsing and checking is the service's work alone. */
function rowsOf(batch) {
  return batch.map((event, index) => {
    const { fact } = readCloudEvent(event, Date.now());
    const { type, body } = writeFact(fact);
    const stream = `session-${event.data.session_id}`;
    return { stream, revision: index % EVENTS_A_SESSION, id: randomUUID(), type, body };
  });
}

/** A file with a schema, and how an event is put into it; each batch is a transaction with an fsync. */
function plain(schema, pragmas, prepare) {
  const folder = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const db = new Database(join(folder, 'events.db'));
  for (const pragma of ['journal_mode = WAL', 'synchronous = FULL', ...pragmas]) db.pragma(pragma);
  db.exec(schema);
  const put = prepare(db);
  const write = db.transaction((rows) => {
    for (const row of rows) put(row);
  });
  return {
    run(all) {
      const prepared = all.map(rowsOf);
      const began = performance.now();
      for (const rows of prepared) write.immediate(rows);
      return (all.length * BATCH) / ((performance.now() - began) / 1_000);
    },
    close() {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** R0 (README.md): the obvious schema. */
const obvious = plain(
  `CREATE TABLE events (position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL,
     revision INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, recorded_at INTEGER NOT NULL,
     UNIQUE (stream, revision))`,
  [],
  (db) => {
    const insert = db.prepare(
      'INSERT INTO events (id, stream, revision, type, body, recorded_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    // A session is known by a random UUID there, as its events are.
    const names = new Map();
    return ({ id, stream, revision, type, body }) => {
      if (revision === 0) names.set(stream, randomUUID());
      insert.run(id, names.get(stream), revision, type, body, Date.now());
      if (revision === EVENTS_A_SESSION - 1) names.delete(stream);
    };
  },
);

/** R1 (README.md): integer ids of streams, one narrow index, a large cache and log. */
const tuned = plain(
  `CREATE TABLE streams (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
   CREATE TABLE events (position INTEGER PRIMARY KEY, stream_id INTEGER NOT NULL, event_id BLOB NOT NULL,
     revision INTEGER NOT NULL, type TEXT NOT NULL, body TEXT NOT NULL, recorded_at INTEGER NOT NULL,
     UNIQUE (stream_id, event_id))`,
  ['cache_size = -262144', 'wal_autocheckpoint = 100000'],
  (db) => {
    const open = db.prepare('INSERT INTO streams (name) VALUES (?)');
    const insert = db.prepare(
      'INSERT INTO events (stream_id, event_id, revision, type, body, recorded_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    let streamId = 0;
    return ({ id, stream, revision, type, body }) => {
      if (revision === 0) streamId = open.run(stream).lastInsertRowid;
      const eventId = Buffer.from(id.replaceAll('-', ''), 'hex');
      insert.run(streamId, eventId, revision, type, body, Date.now());
    };
  },
);

const service = await startService();
const figures = { obvious: [], tuned: [], acknowledged: [], upToDate: [] };
const takeTurns = async (name, count) => {
  const all = () => makeBatches(name, count, EVENTS_A_SESSION);
  figures.obvious.push(obvious.run(all()));
  figures.tuned.push(tuned.run(all()));
  const { acknowledged, upToDate } = await sendAll(service, all(), producers);
  figures.acknowledged.push(acknowledged);
  figures.upToDate.push(upToDate);
};
await takeTurns('warm', WARM_UP_BATCHES);
for (const name of Object.keys(figures)) figures[name] = [];
for (let round = 0; round < rounds; round += 1) await takeTurns(`r${round}`, batches);
await service.stop();
obvious.close();
tuned.close();
console.log(
  `Ingest on SQLite, ${EVENTS_A_SESSION} events a session, batches of ${BATCH}, ${producers} producers, ${rounds} rounds of ${batches} batches, events/s: median (least to most)`,
);
const beside = { R0: figures.obvious, R1: figures.tuned };
const result = {
  R0: say('R0: SQLite, the obvious schema', figures.obvious),
  R1: say('R1: SQLite, tuned', figures.tuned),
  acknowledged: say('service, acknowledged', figures.acknowledged, beside),
  up_to_date: say('service, summaries up to date', figures.upToDate, beside),
};
writeFileSync('bench-ingest.json', `${JSON.stringify(result, null, 2)}\n`);
