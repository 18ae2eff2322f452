import type { Database } from 'better-sqlite3';

import { OneAtATime } from '../../lib/one-at-a-time';
import { connect } from './connect';
import { SqliteRowStore } from './sqlite-row-store';

/** The projector's connection to the live file. It can be switched to another file without its user noticing. */
export class LiveWriter {
  /** How many times the connection has been switched to another file. */
  generation = 0;
  rows: SqliteRowStore;
  private db: Database;
  private readonly works = new OneAtATime();

  /** Opens an existing file. @param cacheKb the size of its page cache, in KiB. */
  constructor(
    private readonly path: string,
    private readonly cacheKb?: number,
  ) {
    this.db = connect(path, cacheKb);
    // What was erased right before a crash may still be in the log.
    this.db.pragma('wal_checkpoint(TRUNCATE)');
    this.rows = new SqliteRowStore(this.db);
  }

  /** Runs work while no other such work runs: a commit, or the switch to another file. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.works.run(work);
  }

  /** Prevents commits until the function that it resolves to is called. */
  hold(): Promise<() => void> {
    return new Promise((resolve, reject) => {
      this.alone(() => new Promise<void>((release) => resolve(release))).catch(reject);
    });
  }

  /** Opens the file that is at the path now. Call it only while nothing is committed. */
  reopen(): void {
    const old = this.db;
    this.db = connect(this.path, this.cacheKb);
    this.rows = new SqliteRowStore(this.db);
    this.generation += 1;
    // A read that is under way at this moment still uses the old file.
    setImmediate(() => old.close());
  }

  close(): void {
    this.db.close();
  }
}
