import { mayStart, tryEarly, type CardStart, type EarlyTrial } from '../../finance/card-start';
import { ReadModel, ReadModelSnapshot } from '../../read-model/queries';
import type { WorkerSide } from './worker-side';

/**
 * Tries a card that begins in the past while events are recorded. Reads no snapshot: it may take minutes, and a
 * snapshot that is kept open makes the files of SQLite grow.
 */
export async function earlyCardTask(
  side: WorkerSide,
  start: CardStart,
  signal: AbortSignal,
): Promise<EarlyTrial> {
  const store = await side.store();
  return side.withLive(signal, (live) => {
    const openSnapshot = () => new ReadModelSnapshot(live.queries);
    return tryEarly({ store, rows: live.rows(), openSnapshot, signal }, start);
  });
}

/** Tries a card that begins in the past. Nothing is recorded meanwhile, so all its reads see the same position. */
export async function cardTask(
  side: WorkerSide,
  { start, early }: { readonly start: CardStart; readonly early: EarlyTrial | undefined },
  signal: AbortSignal,
): Promise<boolean> {
  const store = await side.store();
  return side.withLive(signal, (live) =>
    new ReadModel(live.queries).read((snapshot) =>
      mayStart({ store, rows: live.rows(), snapshot, signal }, start, early),
    ),
  );
}
