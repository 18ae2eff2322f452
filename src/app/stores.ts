import { existsSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';

import type { Kysely } from 'kysely';

import type { Config } from '../config/config';
import type { EventStoreChoice } from '../config/event-store';
import { LEDGER_STREAMS } from '../domain/ledger';
import { joinStore } from '../event-store/eventstoredb/joined-event-store';
import { ThreadedEventStore } from '../event-store/eventstoredb/threaded-event-store';
import { StoreError } from '../event-store/errors';
import type { EventReader, EventStore, EventStoreTarget } from '../event-store/port';
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store';
import { openPostgresPlace, PostgresReadModel } from '../read-model/postgres/postgres-read-model';
import { openPlaceOf, SqliteServedReadModel } from '../read-model/sqlite/live-read-model';
import type { Rebuildable, ServedReadModel } from '../read-model/rebuildable';
import { SqliteReadModel, temporaryDatabase } from '../read-model/sqlite/sqlite-read-model';
import type { ReadModelTables } from '../read-model/tables';
import { makeFolderOf } from './make-folder';

/** The one place where adapters are chosen: the event store and the read model that the configuration names, opened. */

/**
 * Opens the event store to write; the embedded one is made if it is not there.
 * @param say is told what the client of a server prints; left out, that goes to standard error.
 * @throws StoreError `locked` if another process writes to it, `refused` if it is not usable.
 */
export function openEventStore(
  { eventStore, memory }: Pick<Config, 'eventStore' | 'memory'>,
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  return openCopyTarget(eventStore, say, memory.eventCacheKb);
}

/** A way for another thread to an event store on a server that this thread has opened. */
export function joinEventStore(store: EventStoreTarget): MessagePort {
  return joinStore(store);
}

/** The same, to copy a ledger into. */
export function openCopyTarget(
  eventStore: EventStoreChoice,
  say?: (line: string) => void,
  cacheKb?: number,
): Promise<EventStoreTarget> {
  switch (eventStore.kind) {
    case 'eventstoredb':
      return connect(eventStore, say);
    case 'sqlite':
      makeFolderOf(eventStore.path);
      return Promise.resolve(
        SqliteEventStore.open(eventStore.path, cacheKb === undefined ? {} : { cacheKb }),
      );
  }
}

/**
 * Opens the event store to read alone, beside a process that writes to it.
 * @throws StoreError `refused` if there is none.
 */
export function openEventReader({ eventStore }: Pick<Config, 'eventStore'>): Promise<EventReader> {
  switch (eventStore.kind) {
    case 'eventstoredb':
      return connect(eventStore);
    case 'sqlite':
      return Promise.resolve(SqliteEventStore.openReader(eventStore.path));
  }
}

/** What is read once from begin to end is not worth keeping. */
const READ_ONCE_KB = 4_096;

/**
 * Opens the event store of a ledger that is to be copied. A file is held as by a service, so that nobody writes to it
 * meanwhile; of a server nobody can be kept away.
 * @throws StoreError as {@link openEventStore}, and if there is no such file.
 */
export function openCopySource(eventStore: EventStoreChoice): Promise<EventStore> {
  switch (eventStore.kind) {
    case 'eventstoredb':
      return connect(eventStore);
    case 'sqlite':
      if (!existsSync(eventStore.path)) {
        throw new StoreError('refused', `There is no ledger at ${eventStore.path}.`);
      }
      return Promise.resolve(SqliteEventStore.open(eventStore.path, { cacheKb: READ_ONCE_KB }));
  }
}

/**
 * Opens the read model to serve it, and makes it if it is not there.
 * @param report is told of connections that broke while nobody used them, and of a file that was damaged.
 * @throws StoreError `locked` if another process has it; PostgresUnavailableError if it is in a PostgreSQL that cannot be
 *   reached.
 */
export function openReadModel(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<ServedReadModel> {
  switch (readModel.kind) {
    case 'postgres':
      return PostgresReadModel.open(readModel.connectionString, report);
    case 'sqlite':
      makeFolderOf(readModel.path);
      return SqliteServedReadModel.open(readModel.path, report);
  }
}

/**
 * Opens the place of a read model that nobody serves, to fill one for it.
 * @throws StoreError `locked` if a service has it.
 */
export function openReadModelPlace(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<Rebuildable & { close(): Promise<void> }> {
  switch (readModel.kind) {
    case 'postgres':
      return openPostgresPlace(readModel.connectionString, report);
    case 'sqlite':
      makeFolderOf(readModel.path);
      return Promise.resolve(openPlaceOf(readModel.path));
  }
}

/** A read model of which a snapshot can be taken without keeping anyone waiting: by a connection of its own. */
export interface ReadModelReader {
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/**
 * Opens the live read model to read alone, beside whoever fills it and asks it.
 * @throws Error if there is none, or one of another version of the program.
 */
export function openReadModelReader({
  readModel,
}: Pick<Config, 'readModel'>): Promise<ReadModelReader> {
  switch (readModel.kind) {
    case 'sqlite':
      return SqliteReadModel.openReader(readModel.path);
    case 'postgres':
      // Whoever asks next is told that a connection is gone.
      return PostgresReadModel.openReader(readModel.connectionString, () => undefined);
  }
}

/** A database without tables that is gone when it is closed. */
export function openTemporaryDatabase<T>(): Kysely<T> {
  return temporaryDatabase<T>();
}

function connect(
  { connectionString, streamPrefix }: EventStoreChoice & { kind: 'eventstoredb' },
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  const streams = { prefix: streamPrefix, ...LEDGER_STREAMS };
  return ThreadedEventStore.open({ connectionString, streams }, undefined, say);
}
