import type { Kysely } from 'kysely';

import { takeLock, type FileLock } from '../../event-store/file-lock';
import type { LiveReadModel, NextReadModel, Rebuildable } from '../rebuildable';
import type { ReadModelTables } from '../tables';
import { LiveConnections } from './live-connections';
import { LiveRows } from './live-rows';
import { NextFile, NOBODY } from './next-file';
import { takePlace } from './place';

/** The read model of a service in a SQLite file: another can be filled beside it, and take its place while it serves. */
export class SqliteLiveReadModel implements LiveReadModel {
  /**
   * Opens the file, and makes it if it is not there. Deleting it loses nothing: it is filled from the events.
   * @throws StoreError `locked` where another process has it.
   */
  static async open(given: string): Promise<SqliteLiveReadModel> {
    const lock = lockOf(given);
    const { path } = lock;
    try {
      takePlace(path);
      return new SqliteLiveReadModel(path, await LiveConnections.open(path), lock);
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  readonly rows: LiveRows;
  readonly rowsToRead: LiveRows;

  private constructor(
    private readonly path: string,
    private readonly live: LiveConnections,
    private readonly lock: FileLock,
  ) {
    this.rows = new LiveRows(live);
    this.rowsToRead = new LiveRows(live);
  }

  get queries(): Kysely<ReadModelTables> {
    return this.live.queries;
  }

  openNext(): Promise<NextReadModel> {
    return NextFile.open(this.path, this.live);
  }

  async close(): Promise<void> {
    await this.live.close();
    this.lock.release();
  }
}

/**
 * The place of a read model that nobody serves: a next one takes it whatever stands there now, damaged or not.
 * @throws StoreError `locked` where another process has it.
 */
export function openPlaceOf(given: string): Rebuildable & { close(): Promise<void> } {
  const lock = lockOf(given);
  const { path } = lock;
  takePlace(path);
  return {
    openNext: () => NextFile.open(path, NOBODY),
    close: () => Promise.resolve(lock.release()),
  };
}

function lockOf(path: string): FileLock {
  return takeLock(
    path,
    (owner) =>
      `The read model ${path} is in use by ${owner}. One process fills a read model at a time: stop that one, or choose another READ_MODEL_URL.`,
  );
}
