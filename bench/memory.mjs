/**
 * Measures the memory of what goes through a whole ledger (rebuild, replay, verify, export, bundle) at two sizes, each as
 * the command in a process of its own, as a person runs it. See README.md.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    small: { type: 'string', default: '100000' },
    large: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    out: { type: 'string', default: 'bench-memory.json' },
  },
});
const file = (name) => fileURLToPath(new URL(name, import.meta.url));
const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));

/** The month in which the made ledger has most of its usage. */
function busiestMonth(folder) {
  const Database = createRequire(file('../dist/'))('better-sqlite3');
  const db = new Database(join(folder, 'read-models.db'), { readonly: true });
  const { period } = db
    .prepare(
      'SELECT billing_period AS period FROM usage_logs GROUP BY 1 ORDER BY count(*) DESC LIMIT 1',
    )
    .get();
  db.close();
  return period;
}

/** Each with the words that follow `minutebook`. */
const COMMANDS = {
  rebuild: () => ['rebuild', '--json'],
  replay: () => ['replay', '--json'],
  verify: () => ['verify', '--json'],
  export_csv: (folder) => [
    ...['export', '--period', busiestMonth(folder), '--format', 'csv'],
    ...['--out', join(place, 'export.csv')],
  ],
  bundle: (folder) => ['bundle', '--period', busiestMonth(folder), '--out', join(place, 'bundle')],
};

function ledgerOf(events) {
  const folder = join(tmpdir(), `minutebook-bench-${events}`);
  if (!existsSync(join(folder, 'events.db'))) {
    run(file('./make-ledger.mjs'), ['--events', events, '--out', folder]);
  }
  if (!existsSync(join(folder, 'read-models.db'))) command(folder, ['rebuild', '--json']);
  return folder;
}

function run(program, words, environment = {}) {
  const child = spawnSync(process.execPath, [program, ...words], {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  // Nobody signed roots of a ledger that was made here: `verify` says so, and ends with 1.
  const ended = child.status === 0 || (words[0] === 'verify' && child.status === 1);
  if (!ended) throw new Error(`${words.join(' ')} ended with ${child.status}.`);
}

function command(folder, words) {
  const peak = join(place, 'peak.json');
  const began = performance.now();
  run(file('../dist/cli.js'), words, {
    DATA_DIR: folder,
    BENCH_PEAK_FILE: peak,
    NODE_OPTIONS: `--require ${file('./peak-memory.cjs')}`,
  });
  const seconds = (performance.now() - began) / 1_000;
  return { ...JSON.parse(readFileSync(peak, 'utf8')), seconds };
}

try {
  const result = {};
  for (const [name, wordsOf] of Object.entries(COMMANDS)) {
    if (values.only !== undefined && !values.only.split(',').includes(name)) continue;
    const [small, large] = [values.small, values.large].map((events) => {
      const folder = ledgerOf(events);
      return { events: Number(events), ...command(folder, wordsOf(folder)) };
    });
    result[name] = { small, large, rss_ratio: large.rss_mb / small.rss_mb };
    const show = (one) =>
      `${Math.round(one.rss_mb)} MB in ${one.seconds.toFixed(1)} s at ${one.events} events`;
    console.log(
      `${name.padEnd(12)} ${show(small)}, ${show(large)}: ${result[name].rss_ratio.toFixed(2)} times`,
    );
  }
  writeFileSync(values.out, `${JSON.stringify(result, null, 2)}\n`);
} finally {
  rmSync(place, { recursive: true });
}
