import type { Database } from 'better-sqlite3';

import { OneAtATime } from '../../lib/one-at-a-time';
import { connect } from './connect';
import { SqliteRowStore } from './sqlite-row-store';

/** The projector's connection to the live file, which is exchanged for one to another file without its holder knowing. */
export class LiveWriter {
  /** Counts the files that there have been. */
  generation = 0;
  rows: SqliteRowStore;
  private db: Database;
  private readonly works = new OneAtATime();

  /** Opens a file that is there. @param cacheKb how large its cache of pages is. */
  constructor(
    private readonly path: string,
    private readonly cacheKb?: number,
  ) {
    this.db = connect(path, cacheKb);
    // What was erased right before a crash may still be in the log.
    this.db.pragma('wal_checkpoint(TRUNCATE)');
    this.rows = new SqliteRowStore(this.db);
  }

  /** Runs work while no other such work runs: commits, and the exchange. */
  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.works.run(work);
  }

  /** Lets nothing be committed until what it answers is called. */
  hold(): Promise<() => void> {
    return new Promise((resolve, reject) => {
      this.alone(() => new Promise<void>((release) => resolve(release))).catch(reject);
    });
  }

  /** Opens the file that stands at the path now. To be called while nothing is committed. */
  reopen(): void {
    const old = this.db;
    this.db = connect(this.path, this.cacheKb);
    this.rows = new SqliteRowStore(this.db);
    this.generation += 1;
    // A row that is asked for in this very moment is still read from the old file.
    setImmediate(() => old.close());
  }

  close(): void {
    this.db.close();
  }
}
