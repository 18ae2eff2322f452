import type { Kysely } from 'kysely';

import { takeLock, type FileLock } from '../../event-store/file-lock';
import type { HeldWriter, ReadModelSwitch, Rebuildable, ServedReadModel } from '../rebuildable';
import type { ReadModelTables } from '../tables';
import { refuseForeignFile } from './foreign-file';
import { LiveQueries } from './live-queries';
import { LiveRowsToRead } from './live-rows';
import { NextFile, NOBODY, type Occupant } from './next-file';
import { takePlace } from './place';
import { ServedSwitch } from './served-switch';
import { nameDamage, removeIfDamaged } from './soundness';

/** Receives the error that describes a file that is damaged, or cannot be opened yet. */
type Report = (error: Error) => void;
const unheard: Report = () => undefined;

/** The serving side of a service's read model in a SQLite file. Another file can take its place while it serves. */
export class SqliteServedReadModel implements ServedReadModel {
  /**
   * Opens the file; creates it if it is missing or damaged. Deleting it loses nothing: it is filled from the events.
   * @param report receives damage that was found, and why another file cannot be opened yet.
   * @throws StoreError `locked` if another process has it; `refused` if it is another kind of file.
   */
  static async open(given: string, report: Report = unheard): Promise<SqliteServedReadModel> {
    const lock = lockOf(given);
    const { path } = lock;
    try {
      refuseForeignFile(path);
      takePlace(path);
      const damage = removeIfDamaged(path);
      if (damage !== undefined) report(damage);
      return new SqliteServedReadModel(path, await LiveQueries.open(path), lock, report);
    } catch (error) {
      lock.release();
      throw nameDamage(path, error);
    }
  }

  readonly rowsToRead: LiveRowsToRead;

  private constructor(
    private readonly path: string,
    private readonly live: LiveQueries,
    private readonly lock: FileLock,
    private readonly report: Report,
  ) {
    this.rowsToRead = new LiveRowsToRead(live);
  }

  get queries(): Kysely<ReadModelTables> {
    return this.live.queries;
  }

  switchWith(writer: HeldWriter): ReadModelSwitch {
    return new ServedSwitch(this.path, this.live, writer, this.report);
  }

  async close(): Promise<void> {
    await this.live.close();
    this.lock.release();
  }
}

/** Lets a read model be filled, on a thread of its own, beside the one that is served from the file at `path`. */
export function besideServed(path: string, occupant: Occupant): Rebuildable {
  return { openNext: () => NextFile.open(path, occupant) };
}

/**
 * Opens the place of a read model that nobody serves. A next read model can take that place, even if the file there now
 * is damaged.
 * @throws StoreError `locked` if another process has it; `refused` if it is another kind of file.
 */
export function openPlaceOf(given: string): Rebuildable & { close(): Promise<void> } {
  const lock = lockOf(given);
  const { path } = lock;
  try {
    refuseForeignFile(path);
    takePlace(path);
  } catch (error) {
    lock.release();
    throw error;
  }
  return {
    openNext: () => NextFile.open(path, NOBODY),
    close: () => Promise.resolve(lock.release()),
  };
}

function lockOf(path: string): FileLock {
  return takeLock(
    path,
    (owner) =>
      `The read model ${path} is in use by ${owner}. Only one process at a time fills a read model: stop that process, or choose another READ_MODEL_URL.`,
  );
}
