import { availableParallelism } from 'node:os';
import { setImmediate as turn } from 'node:timers/promises';

import type { Config } from '../config/config';
import { StoreError } from '../event-store/errors';
import { keepHeapSmall } from '../app/small-heap';
import { openCopySource, openReadModelPlace } from '../app/stores';
import { openFolders as openFoldersOf } from '../app/threads/fold';
import { FULL_SPEED, type Pace } from '../projections/pace';
import { rebuild, type RebuildResult } from '../projections/rebuild';
import type { RebuildProgress } from '../projections/rebuild-progress';
import { readConfigured } from './configured';
import { keyFor } from './key-for';
import { Progress } from './progress';
import { rebuildThrough, urlOfService } from './rebuild-through';
import { UsageError } from './usage-error';
import { counted } from '../lib/counted';

/**
 * Fills new read models and puts them in place of the existing ones: in this process or, if a service has the ledger
 * open, through that service, which keeps serving.
 */
export async function runRebuild(options: Where & { readonly json: boolean }): Promise<void> {
  const bar = new Bar(!options.json);
  try {
    const { result, through } = await choose(options, (progress) => bar.show(progress));
    bar.stop();
    if (options.json) console.log(JSON.stringify({ ...result, through }));
    else print(result, through);
  } finally {
    bar.stop();
  }
}

interface Where {
  readonly url: string | undefined;
  readonly key: string | undefined;
  /** How many threads fold if this process does the rebuild; `undefined` = as many as the machine can use. */
  readonly threads: string | undefined;
}

/** With more threads than this, the writing thread becomes the bottleneck. */
const USEFUL_THREADS = 4;

type Report = (progress: RebuildProgress) => void;

async function choose(
  { url, key: given, threads }: Where,
  report: Report,
): Promise<{ result: RebuildResult; through: string | null }> {
  const key = keyFor('finance', given);
  const folding = readThreads(threads);
  if (url !== undefined) {
    if (threads !== undefined) {
      throw new UsageError(
        '--threads is for a rebuild in this process. Leave out either --url or --threads.',
      );
    }
    console.error(`Ledger: that of the service at ${url}`);
    return { result: await rebuildThrough(url, key, report), through: url };
  }
  const config = readConfigured();
  try {
    return { result: await rebuildHere(config, folding, report), through: null };
  } catch (error) {
    if (!(error instanceof StoreError) || error.code !== 'locked') throw error;
    const service = await urlOfService(config, key, error);
    console.error(
      `A service has the ledger open: it does the rebuild, at ${service}, and keeps serving.`,
    );
    return { result: await rebuildThrough(service, key, report), through: service };
  }
}

/**
 * The default: one thread fewer than the processor has cores, because one thread reads, hashes and writes; but no more
 * threads than that one can keep up with.
 */
function readThreads(given: string | undefined): number {
  if (given === undefined) return Math.max(1, Math.min(USEFUL_THREADS, availableParallelism() - 1));
  if (/^[1-8]$/.test(given)) return Number(given);
  throw new UsageError(`--threads must be a whole number from 1 to 8, not ${given}.`);
}

/** @param threads how many fold; with one, all the work is done on this thread. */
async function rebuildHere(
  config: Config,
  threads: number,
  report: Report,
): Promise<RebuildResult> {
  keepHeapSmall();
  const store = await openCopySource(config.eventStore);
  try {
    const show = (error: unknown) => console.error(String(error));
    const place = await openReadModelPlace(config, show);
    try {
      const openFolders = (file: string) => openFoldersOf(config, file, threads, show);
      const parts = { store, place, goal: () => store.head() };
      return await rebuild(
        threads > 1 ? { ...parts, openFolders } : parts,
        untilInterrupted(),
        report,
      );
    } finally {
      await place.close();
    }
  } finally {
    await store.close();
  }
}

/** Runs at full speed and checks for Ctrl-C between pages. A second Ctrl-C ends the process at once. */
function untilInterrupted(): Pace {
  let interrupted = false;
  process.once('SIGINT', () => (interrupted = true));
  return {
    pageSize: () => FULL_SPEED.pageSize(),
    rest: async () => {
      await turn();
      if (interrupted) throw new Error('it was interrupted. Run it again: it continues from here.');
    },
  };
}

function print({ size, position, resumed_from, root }: RebuildResult, through: string | null) {
  const before = resumed_from === 0 ? '' : `, ${resumed_from} of them by an earlier run`;
  console.log(`${counted(size, 'event')} folded${before}, up to position ${position}.`);
  console.log(`Their Merkle root is ${root}.`);
  console.log(
    through === null
      ? 'The new read models are in place.'
      : 'The new read models are in place, and the service answers from them.',
  );
}

/** Shows progress by position. If the store has gaps between positions, also counts events. */
class Bar {
  private bar: Progress | undefined;

  constructor(private readonly shown: boolean) {}

  show({ position, goal, size, events_per_second, phase }: RebuildProgress): void {
    if (!this.shown) return;
    this.bar ??= new Progress('rebuilding', 'positions', Number(goal));
    this.bar.grow(Number(goal));
    this.bar.to(Number(position), events_per_second);
    this.bar.note(`${counted(size, 'event')}${phase === 'switching' ? ', switching' : ''}`);
  }

  stop(): void {
    this.bar?.stop();
    this.bar = undefined;
  }
}
