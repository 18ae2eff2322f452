import type { JobQueue } from '../../src/jobs/jobs';
import { ThreadPace } from '../../src/projections/pace';
import type { RebuildParts } from '../../src/projections/rebuild';
import type { RowsToRead } from '../../src/read-model/rows';
import { rebuildHere, Rebuilds } from '../../src/replay/rebuilds';

interface Parts {
  readonly store: RebuildParts['store'] & { head(): Promise<number> };
  readonly place: RebuildParts['place'];
  readonly live: Pick<RowsToRead, 'checkpoint'>;
}

/** Rebuilds as a service does, on the test's own thread. */
export function rebuildsHere({ store, place, live }: Parts, queue: JobQueue): Rebuilds {
  const run: ConstructorParameters<typeof Rebuilds>[0]['run'] = (goal, { signal, report }) =>
    rebuildHere({ store, place, goal }, new ThreadPace(signal), report);
  return new Rebuilds({ run, store, live }, queue);
}
