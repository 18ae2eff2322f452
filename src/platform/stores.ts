import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import type { Kysely } from 'kysely';

import type { Config } from '../config/config';
import type { EventReader, EventStore } from '../event-store/port';
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store';
import { SqliteReadModel, temporaryDatabase } from '../read-model/sqlite/sqlite-read-model';
import type { ReadModelTables } from '../read-model/tables';

/** The one place where adapters are chosen: what the configuration names, opened. */

/**
 * Opens the event store to write; the embedded one is made if it is not there.
 * @throws StoreError `locked` where another process writes to it, `refused` where it is not usable.
 */
export function openEventStore(config: Config): Promise<EventStore> {
  makeFolderOf(config.eventStorePath);
  return Promise.resolve(SqliteEventStore.open(config.eventStorePath));
}

/**
 * Opens the event store to read alone, beside a process that writes to it.
 * @throws StoreError `refused` where there is none.
 */
export function openEventReader(config: Config): Promise<EventReader> {
  return Promise.resolve(SqliteEventStore.openReader(config.eventStorePath));
}

/** Opens the read model, and makes it if it is not there. */
export function openReadModel(config: Config): Promise<SqliteReadModel> {
  makeFolderOf(config.readModelPath);
  return SqliteReadModel.open(config.readModelPath);
}

/** A read model of which a snapshot can be taken without keeping anyone waiting: by a connection of its own. */
export interface ReadModelReader {
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/**
 * Opens the live read model to read alone, beside whoever fills it and asks it.
 * @throws Error where there is none, or one of another version of the program.
 */
export function openReadModelReader(config: Config): Promise<ReadModelReader> {
  return SqliteReadModel.openReader(config.readModelPath);
}

/** A database without tables that is gone when it is closed. */
export function openTemporaryDatabase<T>(): Kysely<T> {
  return temporaryDatabase<T>();
}

/** A read model that is gone when it is closed: for answers as of another place, replays and rehearsals. */
export function openTemporaryReadModel(): Promise<SqliteReadModel> {
  return SqliteReadModel.temporary();
}

function makeFolderOf(path: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
}
