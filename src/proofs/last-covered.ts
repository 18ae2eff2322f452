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
   * Returns the position of the last of the first `size` events; `undefined` if the read model has fewer. Then the
   * search would read on in the store, up to the whole ledger.
   */
  async positionOf(size: number): Promise<Position | undefined> {
    const standing = await this.readModel.read((rows) => rows.standing());
    if (standing === undefined || standing.size < size) return undefined;
    return (await this.index.at(size - 1))?.event.position;
  }
}
