import type { Agreement } from '../domain/account/agreement';
import type { StoredEvent } from '../event-store/port';
import type { RowChanges } from '../read-model/rows';

/** With fewer facts in a row, what it takes to hand them to other threads is more than it spares. */
const LEAST = 256;

/** Folds the facts of some users: on another thread, with a memory of its own. */
export interface FactsFolder {
  /**
   * The rows that facts change. All that stands before them is committed.
   * @param agreement what the ledger said before them.
   */
  fold(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges>;
  /** What is in memory is to be read again. */
  forget(): void;
}

/**
 * Facts of different users change different rows, save for sums, to which each adds: so users are folded side by side.
 * Whose fact it is decides which folder has it, and so each statement has one. What comes out is the same with any number.
 */
export class SplitFacts {
  /** @param least how many facts in a row are worth handing out. */
  constructor(
    private readonly folders: readonly FactsFolder[],
    readonly least = LEAST,
  ) {}

  /** The rows that a segment of facts changes, by folder. @param agreement what the ledger said before them. */
  fold(events: readonly StoredEvent[], agreement: Agreement): Promise<RowChanges[]> {
    const shares = this.folders.map((): StoredEvent[] => []);
    for (const event of events) shares[folderOf(event, shares.length)]!.push(event);
    return Promise.all(this.folders.map((folder, index) => folder.fold(shares[index]!, agreement)));
  }

  /** Rows were changed otherwise: by the ledger's own events, or because all begins again. */
  forget(): void {
    for (const folder of this.folders) folder.forget();
  }
}

/** A user's facts all go the same way. What no fact of a session is goes anywhere. */
function folderOf({ body }: StoredEvent, folders: number): number {
  const { data } = JSON.parse(body) as { data?: { user_id?: unknown } };
  const user = String(data?.user_id);
  let hash = 0;
  for (let at = 0; at < user.length; at += 1) hash = (hash * 31 + user.charCodeAt(at)) >>> 0;
  return hash % folders;
}
