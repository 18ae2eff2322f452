import type { Database } from 'better-sqlite3';

/** A transaction that stays open between calls, until it is committed. If one of the calls fails, it is rolled back. */
export class LongTransaction {
  isOpen = false;

  constructor(private readonly db: Database) {}

  /** @param check runs first. If it throws, the transaction has not begun. */
  begin(check: () => void): void {
    this.db.exec('BEGIN IMMEDIATE');
    this.isOpen = true;
    this.run(check);
  }

  run(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  commit(last: () => void): void {
    this.run(() => {
      last();
      this.db.exec('COMMIT');
    });
    this.isOpen = false;
  }

  /** Undoes everything. If it is not open, it does nothing. */
  rollBack(): void {
    if (!this.isOpen) return;
    this.isOpen = false;
    // SQLite itself rolls back after some errors, such as a full disk.
    if (this.db.open && this.db.inTransaction) this.db.exec('ROLLBACK');
  }
}
