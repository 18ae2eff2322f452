import type { Agreement } from '../domain/account/agreement';
import type { EventReader, StoredEvent } from '../event-store/port';
import type { RowChanges, RowReader } from '../read-model/rows';
import { BillingFold } from './billing-fold';
import type { FactsFolder } from './split-facts';

/** How many sessions are kept in memory: fewer than in a single fold, because only some users' are folded here. */
const SESSIONS = 1_000;

/** Folds the facts of some users. It reads the rows that others commit. */
export class UsersFolder implements FactsFolder {
  private readonly billing: BillingFold;

  constructor(store: Pick<EventReader, 'readStream'>, reader: RowReader) {
    this.billing = new BillingFold(store, reader, { sessions: SESSIONS });
  }

  fold(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges> {
    return this.billing.foldOnly(events, agreement);
  }

  forget(): void {
    this.billing.reset();
  }
}
