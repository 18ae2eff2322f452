/** Runs the measurements and prints a table. See README.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { parseArgs } from 'node:util';

import { tableOf } from './lib/figures.mjs';

const NAMES = [
  'ingest',
  'single',
  'append',
  'disorder',
  'late-event',
  'earlier-card',
  'queries',
  'reports',
  'rebuild',
  'start',
  'growth',
  'memory',
  'service-memory',
  'eventstoredb-ingest',
  'eventstoredb-rebuild',
];
const QUICK_ROUNDS = 2;

const USAGE = `npm run bench -- [--quick] [--rounds N] [--out FILE] [NAME ...]
Names: ${NAMES.join(', ')}; without any, all of them.`;

function options() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        quick: { type: 'boolean', default: false },
        rounds: { type: 'string' },
        seconds: { type: 'string' },
        out: { type: 'string', default: 'bench.json' },
        help: { type: 'boolean', default: false },
      },
    });
    const unknown = positionals.find((name) => !NAMES.includes(name));
    if (unknown !== undefined) throw new Error(`There is no measurement named ${unknown}.`);
    const rounds = Number(values.rounds ?? (values.quick ? QUICK_ROUNDS : 5));
    if (!Number.isInteger(rounds) || rounds < 1)
      throw new Error('--rounds must be a whole number from 1.');
    if (values.help) {
      console.log(USAGE);
      process.exit();
    }
    const seconds = values.seconds === undefined ? {} : { seconds: Number(values.seconds) };
    return { ...values, rounds, ...seconds, names: positionals.length > 0 ? positionals : NAMES };
  } catch (error) {
    console.error(`${error.message}\n${USAGE}`);
    return process.exit(2);
  }
}

/** Installs the peers when they are first needed: the product does not depend on them. */
function installPeers() {
  if (existsSync(new URL('./node_modules', import.meta.url))) return;
  console.error('Installing the peers (npm ci in bench/) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: new URL('.', import.meta.url),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) throw new Error('The peers could not be installed: npm ci in bench/ says why.');
}

const { names, out, quick, rounds, seconds } = options();
installPeers();
const machine = {
  at: new Date().toISOString(),
  cores: cpus().length,
  processor: cpus()[0].model,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  rounds,
  quick,
};
const rows = [];
for (const name of names) {
  console.error(`${name} … (load ${loadavg()[0].toFixed(1)})`);
  const { measure } = await import(`./rows/${name}.mjs`);
  const began = performance.now();
  const load = loadavg()[0];
  const lines = await measure({ rounds, quick, ...(seconds === undefined ? {} : { seconds }) });
  const took = Math.round((performance.now() - began) / 1_000);
  console.error(`${tableOf(lines)}\n${name} took ${took} s.\n`);
  rows.push({ name, load_before: load, seconds: took, lines });
  // Written after each row, so that a later failure loses no figures.
  writeFileSync(out, `${JSON.stringify({ machine, rows }, null, 2)}\n`);
}
console.log(`${JSON.stringify(machine)}\n\n${tableOf(rows.flatMap(({ lines }) => lines))}`);
process.exit();
