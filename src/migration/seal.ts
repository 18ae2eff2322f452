import type { EventReader, EventStoreTarget, Position } from '../event-store/port';
import { groups } from './copy';
import { pagesOf } from './pages';
import type { SealedForm } from './sealed-form';

/**
 * Writes a ledger's events to an empty store as they stand in its sealed copy. It can't be taken up again: sealing the same
 * value twice gives two texts.
 * @throws StoreError; the target then holds a beginning, which is of no use.
 */
export async function sealLedger(
  source: Pick<EventReader, 'readAll'>,
  target: Pick<EventStoreTarget, 'appendInOrder'>,
  form: SealedForm,
  onProgress: (position: Position) => void,
): Promise<void> {
  for await (const page of pagesOf(source)) {
    await target.appendInOrder(groups(await form.of(page)));
    onProgress(page.at(-1)!.position);
  }
}
