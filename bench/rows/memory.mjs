/** Peak resident memory of the commands that read a whole ledger, each in a process of its own. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { line } from '../lib/figures.mjs';
import { projectedLedgerOf } from '../lib/ledgers.mjs';
import { busiestMonth } from '../lib/projected.mjs';
import { root } from '../lib/service.mjs';

export const name = 'memory';

const PRELOAD = fileURLToPath(new URL('../peak-memory.cjs', import.meta.url));

/** The arguments of each command, under the name that its row shows. */
const COMMANDS = {
  rebuild: () => ['rebuild', '--json'],
  replay: () => ['replay', '--json'],
  verify: () => ['verify', '--json'],
  'export, CSV': (folder, place) => [
    ...['export', '--period', busiestMonth(folder), '--format', 'csv'],
    ...['--out', join(place, 'export.csv')],
  ],
  'bundle of a month': (folder, place) => [
    ...['bundle', '--period', busiestMonth(folder), '--out', join(place, 'bundle')],
  ],
};

/** @returns the peak in MB. */
function peakOf(folder, wordsOf) {
  const place = mkdtempSync(join(tmpdir(), 'minutebook-bench-'));
  try {
    const peak = join(place, 'peak.json');
    const words = wordsOf(folder, place);
    const { status } = spawnSync(process.execPath, [join(root, 'dist/cli.js'), ...words], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        ...process.env,
        DATA_DIR: folder,
        BENCH_PEAK_FILE: peak,
        NODE_OPTIONS: `--require ${PRELOAD}`,
      },
    });
    // A ledger made by the bench has no signed roots: `verify` reports that, and exits with 1.
    if (status !== 0 && !(words[0] === 'verify' && status === 1)) {
      throw new Error(`${words.join(' ')} ended with ${status}.`);
    }
    return JSON.parse(readFileSync(peak, 'utf8')).rss_mb;
  } finally {
    rmSync(place, { recursive: true });
  }
}

export function measure({ quick }) {
  const [few, many] = quick ? [10_000, 100_000] : [100_000, 1_000_000];
  const [small, large] = [few, many].map(projectedLedgerOf);
  return Object.entries(COMMANDS).flatMap(([command, wordsOf]) => {
    const over = { what: `of ${few}`, values: [peakOf(small, wordsOf)] };
    const ours = [peakOf(large, wordsOf)];
    const what = `memory, ${command}, ${many} events`;
    const unit = 'MB';
    return [
      line({ what, unit, ours, floor: 250, goal: 200, less: true }),
      line({ what: `${what}, growth`, unit, ours, over, floor: 1.3, goal: 1.1, less: true }),
    ];
  });
}
