import { createRequire } from 'node:module';
import { join } from 'node:path';

import type { Config } from '../../config/config';
import { startThread, type ThreadPort } from '../../lib/thread';
import { Peer, type Answerers } from '../../threads/peer';
import { ThreadPool, type PoolOptions } from '../../threads/pool';
import { answerTask } from './answer-task';
import { bundleTask, exportTask, rehearseTask, replayTask } from './audit-tasks';
import { cardTask, earlyCardTask } from './card-task';
import { checkTask } from './check-task';
import { heapOf } from './heap';
import { logPrinted } from './printed';
import type * as ReadList from '../../reconcile/read-list';
import { rebuildTask } from './rebuild-task';
import type * as ReconcileTask from './reconcile-task';
import type { Workers } from './pooled';
import type { WorkerCalls } from './worker-calls';
import { WorkerSide } from './worker-side';

/** Loads the code that reconciles only when it is called: it needs class-validator, which no other call does. */
const load = createRequire(__filename);
const reading = () => load('../../reconcile/read-list') as typeof ReadList;
const reconciling = () => load('./reconcile-task') as typeof ReconcileTask;

/** How long a thread lives without work, in milliseconds: one of the pool, and one that a part has to itself. */
const IDLE_MS = 60_000;
const OWN_IDLE_MS = 5_000;

/** The program of a thread of the pool: answers calls until it is closed. */
export function runWorker(port: ThreadPort, config: Config): void {
  // No report: if a connection breaks while idle, its next user gets the error.
  const side = new WorkerSide(config, () => undefined);
  const answerers: Answerers<WorkerCalls, never> = {
    answer: (asked, { signal }) => answerTask(side, asked, signal),
    replay: (request, asker) => replayTask(side, request, asker),
    rehearse: (asked, asker) => rehearseTask(side, asked, asker),
    export: (request, asker) => exportTask(side, request, asker),
    bundle: (asked, asker) => bundleTask(side, asked, asker),
    rebuild: (_, asker) => rebuildTask(side, asker),
    readList: (asked) => reading().readList(asked),
    reconcile: (asked, asker) => reconciling().reconcileTask(side, asked, asker),
    tryCardEarly: (start, { signal }) => earlyCardTask(side, start, signal),
    cardMayStart: (asked, { signal }) => cardTask(side, asked, signal),
    check: (asked, asker) => checkTask(side, asked, asker),
    close: () => side.close(),
  };
  new Peer<Record<never, never>, WorkerCalls>(port, answerers, () => undefined);
}

/** Makes the pool of threads for work that would keep the serving thread from answering. They start when needed. */
export function openWorkers(config: Config, report: (error: unknown) => void): Workers {
  return workersOf(config, { threads: config.limits.workerThreads, idleMs: IDLE_MS }, report);
}

/** Makes threads for a part whose work must not share one with other parts. They start when needed. */
export function openOwnWorkers(
  config: Config,
  threads: number,
  report: (error: unknown) => void,
): Workers {
  return workersOf(config, { threads, idleMs: OWN_IDLE_MS }, report);
}

function workersOf(
  config: Config,
  options: PoolOptions,
  report: (error: unknown) => void,
): Workers {
  const file = join(__dirname, 'worker-thread.js');
  const heap = heapOf(config, config.memory.workerYoungMb);
  const start = () => startThread({ file, run: runWorker }, config, heap, logPrinted);
  return new ThreadPool(start, options, report);
}
