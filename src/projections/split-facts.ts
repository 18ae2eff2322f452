import type { Agreement } from '../domain/account/agreement';
import { userOfFact } from '../domain/events/stored';
import type { StoredEvent } from '../event-store/port';
import type { RowChanges } from '../read-model/rows';

/** With fewer facts in a row, handing them to other threads costs more than it saves. */
const LEAST = 256;

/** Folds the facts of some users on another thread, with its own memory. */
export interface FactsFolder {
  /**
   * Returns the rows that facts change. Everything before the facts must be committed.
   * @param agreement the agreement before the facts.
   */
  fold(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges>;
  /** Drops what is in memory, so that it is read again. */
  forget(): void;
}

/**
 * Folds the facts of different users in parallel: they change different rows, except for sums, to which each adds. A
 * fact's user decides which folder gets it, so each statement has one folder. The result does not depend on the number
 * of folders.
 */
export class SplitFacts {
  /** @param least the fewest facts in a row that are worth handing out. */
  constructor(
    private readonly folders: readonly FactsFolder[],
    readonly least = LEAST,
  ) {}

  /** Returns the rows that a segment of facts changes, by folder. @param agreement the agreement before the facts. */
  fold(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges[]> {
    const shares = this.folders.map((): StoredEvent[] => []);
    for (const event of events) shares[folderOf(event, shares.length)]!.push(event);
    return Promise.all(this.folders.map((folder, index) => folder.fold(shares[index]!, agreement)));
  }

  /** Drops what the folders have in memory: the ledger's own events, or a fresh start, changed rows. */
  forget(): void {
    for (const folder of this.folders) folder.forget();
  }
}

/**
 * Returns the index of a fact's folder: all facts of a user have the same. An event that is not a fact may go to any.
 */
function folderOf(event: StoredEvent, folders: number): number {
  const user = userOfFact(event) ?? '';
  let hash = 0;
  for (let at = 0; at < user.length; at += 1) hash = (hash * 31 + user.charCodeAt(at)) >>> 0;
  return hash % folders;
}
