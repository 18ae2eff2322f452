import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Kysely } from 'kysely';

import { RootFolder, type RootArchive } from '../audit/signed-root/root-archive';
import type { Config } from '../config/config';
import type { EventStoreChoice } from '../config/event-store';
import { LEDGER_STREAMS } from '../domain/ledger';
import { EventStoreDbEventStore } from '../event-store/eventstoredb/eventstoredb-event-store';
import { StoreError } from '../event-store/errors';
import type { EventReader, EventStore, EventStoreTarget } from '../event-store/port';
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store';
import { PostgresReadModel } from '../read-model/postgres/postgres-read-model';
import type { RowStore } from '../read-model/rows';
import { SqliteReadModel, temporaryDatabase } from '../read-model/sqlite/sqlite-read-model';
import type { ReadModelTables } from '../read-model/tables';
import type { SigningKeys } from '../security/signing-keys';
import { SqliteKeyFile } from '../security/sqlite/sqlite-key-file';

/** The one place where adapters are chosen: what the configuration names, opened. */

/**
 * Opens the event store to write; the embedded one is made if it is not there.
 * @throws StoreError `locked` where another process writes to it, `refused` where it is not usable.
 */
export function openEventStore({ eventStore }: Pick<Config, 'eventStore'>): Promise<EventStore> {
  return openCopyTarget(eventStore);
}

/** The same, to copy a ledger into. */
export function openCopyTarget(eventStore: EventStoreChoice): Promise<EventStoreTarget> {
  if (eventStore.kind === 'eventstoredb') return Promise.resolve(connect(eventStore));
  makeFolderOf(eventStore.path);
  return Promise.resolve(SqliteEventStore.open(eventStore.path));
}

/**
 * Opens the event store to read alone, beside a process that writes to it.
 * @throws StoreError `refused` where there is none.
 */
export function openEventReader({ eventStore }: Pick<Config, 'eventStore'>): Promise<EventReader> {
  if (eventStore.kind === 'eventstoredb') return Promise.resolve(connect(eventStore));
  return Promise.resolve(SqliteEventStore.openReader(eventStore.path));
}

/**
 * Opens the event store of a ledger that is to be copied. A file is held as by a service, so that nobody writes to it
 * meanwhile; of a server nobody can be kept away.
 * @throws StoreError as {@link openEventStore}, and where there is no such file.
 */
export function openCopySource(eventStore: EventStoreChoice): Promise<EventStore> {
  if (eventStore.kind === 'sqlite' && !existsSync(eventStore.path)) {
    throw new StoreError('refused', `There is no ledger at ${eventStore.path}.`);
  }
  return openEventStore({ eventStore });
}

/** The live read model: the projector's side and the queries'. */
export interface LiveReadModel {
  readonly rows: RowStore;
  readonly queries: Kysely<ReadModelTables>;
  close(): Promise<void>;
}

/**
 * Opens the read model, and makes it if it is not there.
 * @param report is told of connections that broke while nobody used them.
 * @throws PostgresUnavailableError where it is in a PostgreSQL that cannot be reached.
 */
export function openReadModel(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<LiveReadModel> {
  if (readModel.kind === 'postgres') {
    return PostgresReadModel.open(readModel.connectionString, report);
  }
  makeFolderOf(readModel.path);
  return SqliteReadModel.open(readModel.path);
}

/** What no rebuild drops: the keys, and the roots that they signed. */
export interface Vault {
  readonly signingKeys: SigningKeys;
  readonly roots: RootArchive;
  close(): Promise<void>;
}

/** Opens `keys.db` and `checkpoints/`, and makes them if they are not there. */
export function openVault({ dataDir }: Config): Promise<Vault> {
  const path = join(dataDir, 'keys.db');
  makeFolderOf(path);
  const keys = SqliteKeyFile.open(path);
  const roots = new RootFolder(join(dataDir, 'checkpoints'));
  return Promise.resolve({ signingKeys: keys, roots, close: () => keys.close() });
}

/** Opens the signed roots that were kept to read alone. */
export function openRoots({ dataDir }: Config): Promise<RootArchive> {
  return Promise.resolve(new RootFolder(join(dataDir, 'checkpoints')));
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
export function openReadModelReader({
  readModel,
}: Pick<Config, 'readModel'>): Promise<ReadModelReader> {
  if (readModel.kind === 'sqlite') return SqliteReadModel.openReader(readModel.path);
  // Whoever asks next is told that a connection is gone.
  return PostgresReadModel.openReader(readModel.connectionString, () => undefined);
}

/** A database without tables that is gone when it is closed. */
export function openTemporaryDatabase<T>(): Kysely<T> {
  return temporaryDatabase<T>();
}

/** A read model that is gone when it is closed: for answers as of another place, replays and rehearsals. */
export function openTemporaryReadModel(): Promise<SqliteReadModel> {
  return SqliteReadModel.temporary();
}

function connect(choice: EventStoreChoice & { kind: 'eventstoredb' }): EventStoreDbEventStore {
  const { connectionString, streamPrefix } = choice;
  return new EventStoreDbEventStore({
    connectionString,
    streams: { prefix: streamPrefix, ...LEDGER_STREAMS },
  });
}

function makeFolderOf(path: string): void {
  if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
}
