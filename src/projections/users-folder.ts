import type { Agreement } from '../domain/account/agreement';
import type { EventReader, StoredEvent } from '../event-store/port';
import type { RowChanges, RowReader } from '../read-model/rows';
import { BillingFold } from './billing-fold';
import type { FactsFolder } from './split-facts';

/** Sessions that are kept in memory: fewer than one fold alone would keep, as these are only some users'. */
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
