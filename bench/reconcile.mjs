/**
 * Reconciles a vendor's list with as many logs, once by the command and once by the service over HTTP. Prints how long
 * each took and the peak of its resident memory. See README.md.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { startService } from './lib/service.mjs';

const { values } = parseArgs({
  options: {
    lines: { type: 'string', default: '100000' },
    out: { type: 'string', default: 'bench-reconcile.json' },
  },
});
const count = Number(values.lines);
const PERIOD = '2026-10';
const FIRST = Date.parse('2026-10-01T00:00:00Z');
const MONTH_MS = 30 * 24 * 60 * 60 * 1_000;
const BATCH = 1_000;
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const built = createRequire(new URL('../dist/', import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));

/**
 * Eighteen of twenty lines match by the vendor's id, one by its session, and one by day and duration, among many of the
 * same length.
 */
const hasId = (number) => number % 20 < 18;
const hasSession = (number) => number % 20 === 18;
const timeOf = (number) => new Date(FIRST + Math.floor((MONTH_MS * number) / count)).toISOString();
const secondsOf = (number) => (hasId(number) || hasSession(number) ? 30 + (number % 977) : 60);

function completed(number) {
  return {
    specversion: '1.0',
    id: `e-${number}`,
    source: 'bench/worker-1',
    type: 'transcription.session.completed',
    time: timeOf(number),
    data: {
      session_id: `s-${number}`,
      user_id: `user-${number % 2_500}`,
      stt_provider: 'google',
      duration_seconds: secondsOf(number),
      provider_metadata: hasId(number) ? { request_id: `r-${number}` } : { model: 'latest_long' },
    },
  };
}

/** One line in a hundred is lost, and one in a hundred is longer in the vendor's list. */
function lineOf(number) {
  const seconds = secondsOf(number) + (number % 100 === 37 ? 20 : 0);
  const id = hasId(number) ? `r-${number}${number % 100 === 17 ? '-lost' : ''}` : '';
  const session = hasSession(number) ? `s-${number}` : '';
  return `${id},${session},${timeOf(number)},${seconds},0.0043,USD\n`;
}

async function makeLedger(folder) {
  const { readConfig } = built('./config/config.js');
  const { readCloudEvent } = built('./domain/events/cloud-event.js');
  const { openLedger } = built('./ledger/open-ledger.js');
  const { Recorder } = built('./ledger/recorder.js');
  const { openEventStore } = built('./app/stores.js');
  const now = FIRST + MONTH_MS;
  const config = readConfig({ DATA_DIR: folder }, FIRST);
  const store = await openEventStore(config);
  await openLedger(store, config.opening, 'UTC', FIRST);
  const recorder = new Recorder(store, () => now, FIRST);
  for (let from = 0; from < count; from += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, count - from) }, (_, at) => from + at);
    await recorder.record(numbers.map((number) => readCloudEvent(completed(number), now).fact));
  }
  await recorder.close();
  await store.close();
}

function command(folder, words, statuses = [0]) {
  const peak = join(place, 'peak.json');
  const began = performance.now();
  const { status, stdout } = spawnSync(process.execPath, [file('../dist/cli.js'), ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 2 ** 30,
    env: {
      ...process.env,
      DATA_DIR: folder,
      BENCH_PEAK_FILE: peak,
      NODE_OPTIONS: `--require ${file('./peak-memory.cjs')}`,
    },
  });
  if (!statuses.includes(status)) throw new Error(`${words[0]} ended with ${status}.`);
  const seconds = (performance.now() - began) / 1_000;
  return { ...JSON.parse(readFileSync(peak, 'utf8')), seconds, said: String(stdout) };
}

const countsOf = ({ matched, only_vendor, only_ledger, duration_differs }) =>
  [matched, only_vendor, only_ledger, duration_differs].map((kind) => kind.count);

/** Peak resident memory of a process so far, in MB (Linux). */
const peakOf = (pid) =>
  Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))[1]) / 1_024;

async function overHttp(folder, list) {
  const service = await startService({ DATA_DIR: folder });
  try {
    const headers = { authorization: `Bearer ${service.keys.finance}` };
    const before = peakOf(service.pid);
    const began = performance.now();
    let slowest = 0;
    const url = `${service.url}/v1/audit/reconciliations?provider=google&period=${PERIOD}`;
    const sent = fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'text/csv' },
      body: readFileSync(list),
    }).then((answer) => answer.json());
    let id;
    void sent.then((job) => (id = job.id));
    for (;;) {
      const asked = performance.now();
      const path = id === undefined ? '/health/live' : `/v1/audit/reconciliations/${id}`;
      const answer = await (await fetch(`${service.url}${path}`, { headers })).json();
      slowest = Math.max(slowest, performance.now() - asked);
      if (answer.status === 'failed') throw new Error(JSON.stringify(answer));
      if (id !== undefined && answer.matched) {
        const seconds = (performance.now() - began) / 1_000;
        const peak = peakOf(service.pid);
        return { seconds, before_mb: before, peak_mb: peak, slowest, counts: countsOf(answer) };
      }
      await new Promise((done) => setTimeout(done, 20));
    }
  } finally {
    await service.stop();
  }
}

try {
  const folder = join(place, 'data');
  const list = join(place, 'list.csv');
  const numbers = Array.from({ length: count }, (_, number) => number);
  const head = 'request_id,session_id,started_at,duration_seconds,cost,currency\n';
  writeFileSync(list, head + numbers.map(lineOf).join(''));
  await makeLedger(folder);
  command(folder, ['rebuild', '--json']);
  const words = ['reconcile', '--provider', 'google', '--period', PERIOD, '--json', list];
  const { said, ...byCommand } = command(folder, words, [1]);
  const byService = await overHttp(folder, list);
  const counts = countsOf(JSON.parse(said));
  console.log(
    `${count} lines, ${count} logs. Match, only at the vendor, only here, differ: ${counts}`,
  );
  console.log(`command: ${byCommand.seconds.toFixed(1)} s, ${Math.round(byCommand.rss_mb)} MB`);
  console.log(
    `service: ${byService.seconds.toFixed(1)} s, ${Math.round(byService.before_mb)} MB before, ${Math.round(byService.peak_mb)} MB at most; slowest other answer ${Math.round(byService.slowest)} ms; ${byService.counts}`,
  );
  writeFileSync(
    values.out,
    `${JSON.stringify({ count, counts, byCommand, byService }, null, 2)}\n`,
  );
} finally {
  rmSync(place, { recursive: true, force: true });
}
