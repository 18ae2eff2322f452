/**
 * Measures a full rebuild (every event to usage logs and summaries in a database) and a replay's comparison beside what
 * any program over the same file has to do: read all rows and parse their JSON. See README.md.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { spread } from './load.mjs';

const built = createRequire(new URL('../dist/', import.meta.url));
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '200000' },
    ledger: { type: 'string' },
    runs: { type: 'string', default: '5' },
    out: { type: 'string', default: 'bench-rebuild.json' },
    only: { type: 'string' },
  },
});
const KINDS = ['scan', 'rebuild'];

/** All rows, whole, in ledger order, each one's JSON parsed: what any program that goes through the ledger has to do. */
async function scan(folder) {
  const Database = built('better-sqlite3');
  const db = new Database(join(folder, 'events.db'), { readonly: true });
  let events = 0;
  const rows = db.prepare(
    'SELECT e.*, s.name AS stream FROM events e JOIN streams s ON s.id = e.stream_id ORDER BY e.position',
  );
  for (const { body } of rows.iterate()) {
    if (typeof JSON.parse(body) === 'object') events += 1;
  }
  db.close();
  return events;
}

/** As the service does it, into a file that is new. */
async function rebuild(folder) {
  const { readConfig } = built('./config/config.js');
  const { openEventReader } = built('./app/stores.js');
  const { project } = built('./projections/project.js');
  const { SqliteReadModel } = built('./read-model/sqlite/sqlite-read-model.js');
  built('./app/small-heap.js').keepHeapSmall();
  const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  const store = await openEventReader(readConfig({ DATA_DIR: folder }, Date.now()));
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

/** One run in this process: how many events, in what time, with how much memory at most. */
async function one(kind, folder) {
  const began = performance.now();
  const events = await { scan, rebuild }[kind](folder);
  const seconds = (performance.now() - began) / 1_000;
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  const cpu = (userCPUTime + systemCPUTime) / 1e6;
  return {
    kind,
    events,
    seconds,
    cpu_seconds: cpu,
    per_second: events / seconds,
    rss_mb: maxRSS / 1_024,
  };
}

function inProcess(kind, folder) {
  const file = fileURLToPath(import.meta.url);
  const child = spawnSync(process.execPath, [file, '--only', kind, '--ledger', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`The run of ${kind} failed.`);
  return JSON.parse(child.stdout);
}

function measure(folder, runs) {
  const results = [];
  for (let run = 0; run < runs; run += 1) {
    for (const kind of KINDS) results.push(inProcess(kind, folder));
  }
  const of = (kind, field) => results.filter((one) => one.kind === kind).map((one) => one[field]);
  const ratios = (field) =>
    of('rebuild', field).map((value, run) => value / of('scan', field)[run]);
  return {
    events: results[0].events,
    runs,
    scan_per_second: spread(of('scan', 'per_second')),
    rebuild_per_second: spread(of('rebuild', 'per_second')),
    rebuild_over_scan: spread(ratios('per_second')),
    scan_over_rebuild_cpu: spread(ratios('cpu_seconds').map((value) => 1 / value)),
    rebuild_rss_mb: spread(of('rebuild', 'rss_mb')),
  };
}

if (values.only !== undefined) {
  console.log(JSON.stringify(await one(values.only, values.ledger)));
} else {
  const folder = resolve(values.ledger ?? join(tmpdir(), `minutebook-bench-${values.events}`));
  if (!existsSync(join(folder, 'events.db'))) {
    const maker = fileURLToPath(new URL('./make-ledger.mjs', import.meta.url));
    const made = spawnSync(process.execPath, [maker, '--events', values.events, '--out', folder], {
      stdio: 'inherit',
    });
    if (made.status !== 0) throw new Error('The ledger could not be made.');
  }
  const result = measure(folder, Number(values.runs));
  for (const [name, { median, min, max }] of Object.entries(result).slice(2)) {
    const show = (value) => (value < 10 ? value.toFixed(3) : String(Math.round(value)));
    console.log(`${name.padEnd(24)} ${show(median)}  (${show(min)} to ${show(max)})`);
  }
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
}
