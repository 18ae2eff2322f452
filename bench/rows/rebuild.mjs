/**
 * A full rebuild, from every event to usage logs and summaries in a database, beside a plain loop over the same file.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { line } from '../lib/figures.mjs';
import { ledgerOf } from '../lib/ledgers.mjs';

export const name = 'rebuild';

const built = createRequire(new URL('../../dist/', import.meta.url));
const Database = built('better-sqlite3');
const here = fileURLToPath(import.meta.url);

/** Rows per transaction. */
const TRANSACTION = 1_000;

/** P: reads and parses every event, adds up in a Map, and writes one narrow row per event. */
function plainLoop(folder, place) {
  const from = new Database(join(folder, 'events.db'), { readonly: true });
  const to = new Database(join(place, 'plain.db'));
  to.pragma('journal_mode = WAL');
  to.pragma('synchronous = NORMAL');
  to.exec('CREATE TABLE rows (position INTEGER PRIMARY KEY, user_id TEXT, seconds REAL)');
  const insert = to.prepare('INSERT INTO rows VALUES (?, ?, ?)');
  const sums = new Map();
  let events = 0;
  to.exec('BEGIN');
  const all = from.prepare(
    'SELECT e.*, s.name AS stream FROM events e JOIN streams s ON s.id = e.stream_id ORDER BY e.position',
  );
  for (const { position, body } of all.iterate()) {
    const { data } = JSON.parse(body);
    const user = data?.user_id ?? null;
    const seconds = Number(data?.duration_seconds ?? 0);
    sums.set(user, (sums.get(user) ?? 0) + seconds);
    insert.run(position, user, seconds);
    events += 1;
    if (events % TRANSACTION === 0) to.exec('COMMIT; BEGIN');
  }
  to.exec('COMMIT');
  to.close();
  from.close();
  return events;
}

/** Rebuilds as the command does, into a new file. */
async function rebuild(folder, place) {
  const { readConfig } = built('./config/config.js');
  const { openEventReader } = built('./app/stores.js');
  const { project } = built('./projections/project.js');
  const { SqliteReadModel } = built('./read-model/sqlite/sqlite-read-model.js');
  built('./app/small-heap.js').keepHeapSmall();
  const store = await openEventReader(readConfig({ DATA_DIR: folder }, Date.now()));
  const model = await SqliteReadModel.open(join(place, 'read-models.db'));
  await project(store, model.rows, await store.head(), () => undefined);
  const { size } = await model.rows.checkpoint();
  await model.close();
  await store.close();
  return size;
}

async function one(kind, folder) {
  const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  try {
    const began = performance.now();
    const events = await { plainLoop, rebuild }[kind](folder, place);
    const seconds = (performance.now() - began) / 1_000;
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    const cpuUs = (userCPUTime + systemCPUTime) / events;
    return { events, per_second: events / seconds, cpu_us: cpuUs, rss_mb: maxRSS / 1_024 };
  } finally {
    rmSync(place, { recursive: true });
  }
}

function inProcess(kind, folder) {
  const child = spawnSync(process.execPath, [here, kind, folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`The run of ${kind} failed.`);
  return JSON.parse(child.stdout);
}

export function measure({ rounds, quick }) {
  const folder = ledgerOf(quick ? 100_000 : 200_000);
  const runs = Array.from({ length: rounds }, () => ({
    plain: inProcess('plainLoop', folder),
    ours: inProcess('rebuild', folder),
  }));
  const of = (side, field) => runs.map((run) => run[side][field]);
  return [
    line({
      what: `full rebuild of ${runs[0].ours.events} events`,
      unit: 'events/s',
      ours: of('ours', 'per_second'),
      over: { what: 'P, a plain loop', values: of('plain', 'per_second') },
      floor: 0.6,
      goal: 0.9,
    }),
    line({
      what: 'the same, processor time',
      unit: 'µs an event',
      ours: of('ours', 'cpu_us'),
      over: { what: 'P', values: of('plain', 'cpu_us') },
      less: true,
    }),
  ];
}

if (process.argv[1] === here) {
  console.log(JSON.stringify(await one(process.argv[2], process.argv[3])));
}
