import type { EventReader, EventStoreTarget, Position } from '../event-store/port';
import { groups } from './copy';
import { pagesOf } from './pages';
import type { SealedForm } from './sealed-form';

/**
 * Writes the sealed copy of a ledger's events to an empty store. It can't be resumed: sealing the same value twice
 * gives two different texts.
 * @throws StoreError; the target then holds only part of the copy, which is useless.
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
