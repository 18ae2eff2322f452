import { JobQueue } from '../../jobs/jobs';
import { ThreadedProjector } from '../../projections/hosted/threaded-projector';
import { Rebuilds } from '../../replay/rebuilds';
import { rebuildOnThread } from '../threads/pooled';
import { startProjection } from '../threads/projection';
import type { Parts } from './parts';
import { reportTo, warnTo, type Start } from './start';

/** Turns events into rows: the projector does so as events arrive, and a rebuild starts again from the first event. */
export interface Projection {
  /** Not started yet. */
  readonly projector: ThreadedProjector;
  readonly rebuilds: Rebuilds;
}

export function openProjection(
  { config, now, opened }: Start,
  { telemetry, storage, cluster, pool }: Pick<Parts, 'telemetry' | 'storage' | 'cluster' | 'pool'>,
): Projection {
  const { store, storePort, ledgerHead, tables } = storage;
  const projector: ThreadedProjector = new ThreadedProjector(
    (data) => startProjection(config, data),
    reportTo('projector'),
    { deriveAgain: (why) => deriveAgain(rebuilds, why), lease: cluster.lease, storePort },
  );
  store.appended.add(() => projector.wake());
  projector.advances.add(({ position }) => {
    ledgerHead.saw(position);
    telemetry.commits?.committed(position);
  });
  const exchange = tables.switchWith?.(projector);
  const rebuilds = new Rebuilds(
    {
      run: (goal, context) => rebuildOnThread(pool, goal, exchange, context),
      store,
      live: tables.rowsToRead,
    },
    new JobQueue(now, reportTo('rebuild')),
  );
  opened.atClose(() => close(projector, rebuilds));
  return { projector, rebuilds };
}

function deriveAgain(rebuilds: Rebuilds, why: string): Promise<void> {
  warnTo('projector')(`${why} Until then, answers show the ledger as it was before that close.`);
  return rebuilds.beyond();
}

/** Closes the projector first: it may be waiting for a rebuild, and closing ends that wait. */
async function close(projector: ThreadedProjector, rebuilds: Rebuilds): Promise<void> {
  const closed = projector.close();
  try {
    await rebuilds.close();
  } finally {
    await closed;
  }
}
