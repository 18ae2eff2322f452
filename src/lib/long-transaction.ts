import type { Database } from 'better-sqlite3';

/** A transaction on SQLite that may stay open between calls. If one of them fails, all of it is rolled back. */
export class LongTransaction {
  private open = false;

  constructor(private readonly db: Database) {}

  get isOpen(): boolean {
    return this.open;
  }

  begin(): void {
    this.db.exec('BEGIN IMMEDIATE');
    this.open = true;
  }

  /** Runs work in the transaction, which begins if it is not open. */
  run(work: () => void): void {
    if (!this.open) this.begin();
    try {
      work();
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** @param last runs before the commit. */
  commit(last: () => void = () => undefined): void {
    this.run(() => {
      last();
      this.db.exec('COMMIT');
    });
    this.open = false;
  }

  /** Undoes everything. If the transaction is not open, it does nothing. */
  rollBack(): void {
    if (!this.open) return;
    this.open = false;
    // SQLite itself rolls back after some errors, such as a full disk.
    if (this.db.open && this.db.inTransaction) this.db.exec('ROLLBACK');
  }
}
