import { ThreadPace } from '../../projections/pace';
import type { RebuildResult } from '../../projections/rebuild';
import type { Occupant } from '../../read-model/sqlite/next-file';
import { rebuildHere } from '../../replay/rebuilds';
import type { Asker } from '../../threads/peer';
import type { RebuildCalls } from './worker-calls';
import type { WorkerSide } from './worker-side';

/** Fills a read model on this thread, and has it replace the live one, which other threads serve. */
export async function rebuildTask(
  side: WorkerSide,
  asker: Asker<RebuildCalls>,
): Promise<RebuildResult> {
  const place = side.placeBeside(occupantOf(asker));
  const goal = () => asker.ask('goal', undefined);
  const store = await side.store();
  return rebuildHere({ store, place, goal }, new ThreadPace(asker.signal), (progress) =>
    asker.tell('progress', progress),
  );
}

/** The live read model. Other threads have its connections, so they are told to hold and reopen them. */
function occupantOf(asker: Asker<RebuildCalls>): Occupant {
  return {
    alone: async (work) => {
      await asker.ask('hold', undefined);
      await work();
      await asker.ask('release', undefined);
    },
    exchange: async (putInPlace) => {
      await asker.ask('begin', undefined);
      putInPlace();
      await asker.ask('end', true);
    },
  };
}
