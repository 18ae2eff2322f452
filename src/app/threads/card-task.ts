import { mayStart, type CardStart } from '../../finance/card-start';
import { ReadModel } from '../../read-model/queries';
import type { WorkerSide } from './worker-side';

/** Tries a card that begins in the past. Nothing is recorded meanwhile, so all its reads see the same position. */
export async function cardTask(
  side: WorkerSide,
  start: CardStart,
  signal: AbortSignal,
): Promise<boolean> {
  const store = await side.store();
  return side.withLive(signal, (live) =>
    new ReadModel(live.queries).read((snapshot) =>
      mayStart({ store, rows: live.rows(), snapshot, signal }, start),
    ),
  );
}
