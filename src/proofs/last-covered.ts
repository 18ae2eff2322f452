import { StoreError } from '../event-store/errors';
import type { EventReader, Position } from '../event-store/port';
import { LedgerIndex } from '../read-model/ledger-index';
import type { ReadModel } from '../read-model/queries';

/** Finds the last event that a root covers: an answer about a root says where in the ledger it ends. */
export class LastCovered {
  private readonly index: LedgerIndex;

  constructor(
    private readonly readModel: Pick<ReadModel, 'read'>,
    store: Pick<EventReader, 'readAll'>,
  ) {
    this.index = new LedgerIndex(store, readModel);
  }

  /**
   * Returns the position of the last of the first `size` events. Returns `undefined` if the read model has fewer, because
   * the search would read on in the store, up to the whole ledger; and if the store does not answer, because an answer
   * about a root is complete without it.
   */
  async positionOf(size: number): Promise<Position | undefined> {
    const standing = await this.readModel.read((rows) => rows.standing());
    if (standing === undefined || standing.size < size) return undefined;
    if (standing.size === size) return standing.position as Position;
    try {
      return (await this.index.at(size - 1))?.event.position;
    } catch (error) {
      if (error instanceof StoreError) return undefined;
      throw error;
    }
  }
}
