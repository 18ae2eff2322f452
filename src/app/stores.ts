import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { MessagePort } from 'node:worker_threads';

import type { Kysely } from 'kysely';

import type { Config } from '../config/config';
import type { EventStoreChoice } from '../config/event-store';
import { LEDGER_STREAMS } from '../domain/ledger';
import type * as Joined from '../event-store/eventstoredb/joined-event-store';
import type * as Threaded from '../event-store/eventstoredb/threaded-event-store';
import { StoreError } from '../event-store/errors';
import type { EventReader, EventStore, EventStoreTarget } from '../event-store/port';
import { copyLedgerFile } from '../event-store/sqlite/copy-ledger-file';
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store';
import type * as Postgres from '../read-model/postgres/postgres-read-model';
import { openPlaceOf, SqliteServedReadModel } from '../read-model/sqlite/live-read-model';
import type { Rebuildable, ServedReadModel } from '../read-model/rebuildable';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import type { ReadModelTables } from '../read-model/tables';
import { makeFolderOf } from './make-folder';

/**
 * Opens the event store and the read model that the configuration names. For other threads, `threads/stores.ts` does.
 */

/** Loads the adapters of servers only if they are configured: each start and command would take longer with them. */
const load = createRequire(__filename);
const postgres = () => load('../read-model/postgres/postgres-read-model') as typeof Postgres;

/**
 * Opens the event store for writing. Makes the embedded one if it does not exist.
 * @param say gets each line that a server's client prints. Default: they go to standard error.
 * @throws StoreError `locked` if another process writes to it, `refused` if it can't be used.
 */
export function openEventStore(
  { eventStore, memory }: Pick<Config, 'eventStore' | 'memory'>,
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  return openCopyTarget(eventStore, say, memory.eventCacheKb);
}

/** Returns a port through which another thread can use an event store on a server that this thread has opened. */
export function joinEventStore(store: EventStoreTarget): MessagePort {
  const { joinStore } = load('../event-store/eventstoredb/joined-event-store') as typeof Joined;
  return joinStore(store);
}

/** Opens an event store for writing as {@link openEventStore} does, to copy a ledger into it. */
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
      return Promise.resolve(SqliteEventStore.open(eventStore.path, { cacheKb }));
  }
}

/**
 * Opens the event store read-only, beside a process that writes to it.
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

/** A small cache: a copy reads each page once, so keeping pages would be of no use. */
const READ_ONCE_KB = 4_096;

/**
 * Opens the event store of a ledger to copy. Locks a file as a service does, so that nobody writes to it meanwhile. On
 * a server, other writers cannot be kept out.
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
 * Copies a ledger's file while a service may write to it.
 * @param to must not exist.
 * @returns the position of the last event in the copy; `null` if the events are on a server, where nothing is copied.
 * @throws StoreError `refused` if there is no ledger.
 */
export function copyLedger(eventStore: EventStoreChoice, to: string): number | null {
  return eventStore.kind === 'sqlite' ? copyLedgerFile(eventStore.path, to) : null;
}

/**
 * Opens the read model to serve it, and makes it if it does not exist.
 * @param report gets errors of idle connections, and of a damaged file.
 * @throws StoreError `locked` if another process has it; PostgresUnavailableError if its PostgreSQL cannot be reached.
 */
export function openReadModel(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<ServedReadModel> {
  switch (readModel.kind) {
    case 'postgres':
      return postgres().PostgresReadModel.open(readModel.connectionString, report);
    case 'sqlite':
      makeFolderOf(readModel.path);
      return SqliteServedReadModel.open(readModel.path, report);
  }
}

/**
 * Opens the place of the live read model while no service runs, to fill a new one for that place.
 * @throws StoreError `locked` if a service has it.
 */
export function openReadModelPlace(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<Rebuildable & { close(): Promise<void> }> {
  switch (readModel.kind) {
    case 'postgres':
      return postgres().openPostgresPlace(readModel.connectionString, report);
    case 'sqlite':
      makeFolderOf(readModel.path);
      return Promise.resolve(openPlaceOf(readModel.path));
  }
}

/** A read model on a connection of its own: taking a snapshot of it keeps nobody waiting. */
export interface ReadModelReader {
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/**
 * Opens the live read model read-only, beside the projector that fills it and the service that queries it.
 * @throws Error if there is none, or if another version of the program made it.
 */
export function openReadModelReader({
  readModel,
}: Pick<Config, 'readModel'>): Promise<ReadModelReader> {
  switch (readModel.kind) {
    case 'sqlite':
      return SqliteReadModel.openReader(readModel.path);
    case 'postgres':
      // No report: the next query gets an error if a connection is gone.
      return postgres().PostgresReadModel.openReader(readModel.connectionString, () => undefined);
  }
}

function connect(
  { connectionString, streamPrefix }: EventStoreChoice & { kind: 'eventstoredb' },
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  const { ThreadedEventStore } = load(
    '../event-store/eventstoredb/threaded-event-store',
  ) as typeof Threaded;
  const streams = { prefix: streamPrefix, ...LEDGER_STREAMS };
  return ThreadedEventStore.open({ connectionString, streams }, undefined, say);
}
