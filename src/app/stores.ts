import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { MessagePort } from 'node:worker_threads';

import type { Kysely } from 'kysely';

import { RootFolder, type RootArchive } from '../proofs/signed-root/root-archive';
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
import { ALWAYS_HELD } from '../projections/lease';
import { OPEN_GATE } from '../ledger/append-gate';
import { PostgresAppendGate } from '../cluster/postgres-append-gate';
import { PostgresLease } from '../cluster/postgres-lease';
import { Presence } from '../cluster/presence';
import { openPostgresRoots, openPostgresVault } from './postgres-vault';
import type { Cluster } from '../cluster/cluster';
import { claimVault, type Vault } from './vault';
import { openKeyFile } from '../security/sqlite/open-key-file';

const ALONE: Cluster = {
  lease: ALWAYS_HELD,
  gate: OPEN_GATE,
  trouble: () => undefined,
  close: () => Promise.resolve(),
};

/** The one place where adapters are chosen: what the configuration names, opened. */

/**
 * Opens the event store to write; the embedded one is made if it is not there.
 * @param say is told what the client of a server prints; left out, that goes to standard error.
 * @throws StoreError `locked` where another process writes to it, `refused` where it is not usable.
 */
export function openEventStore(
  { eventStore }: Pick<Config, 'eventStore'>,
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  return openCopyTarget(eventStore, say);
}

/** A way for another thread to an event store on a server that this thread has opened. */
export function joinEventStore(store: EventStoreTarget): MessagePort {
  return joinStore(store);
}

/** The same, to copy a ledger into. */
export function openCopyTarget(
  eventStore: EventStoreChoice,
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  if (eventStore.kind === 'eventstoredb') return connect(eventStore, say);
  makeFolderOf(eventStore.path);
  return Promise.resolve(SqliteEventStore.open(eventStore.path));
}

/**
 * Opens the event store to read alone, beside a process that writes to it.
 * @throws StoreError `refused` where there is none.
 */
export function openEventReader({ eventStore }: Pick<Config, 'eventStore'>): Promise<EventReader> {
  if (eventStore.kind === 'eventstoredb') return connect(eventStore);
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

/**
 * Opens the read model to serve it, and makes it if it is not there.
 * @param report is told of connections that broke while nobody used them, and of a file that was damaged.
 * @throws StoreError `locked` where another process has it; PostgresUnavailableError where it is in a PostgreSQL that
 *   cannot be reached.
 */
export function openReadModel(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<ServedReadModel> {
  if (readModel.kind === 'postgres') {
    return PostgresReadModel.open(readModel.connectionString, report);
  }
  makeFolderOf(readModel.path);
  return SqliteServedReadModel.open(readModel.path, report);
}

/**
 * Opens the place of a read model that nobody serves, to fill one for it.
 * @throws StoreError `locked` where a service has it.
 */
export function openReadModelPlace(
  { readModel }: Pick<Config, 'readModel'>,
  report: (error: unknown) => void,
): Promise<Rebuildable & { close(): Promise<void> }> {
  if (readModel.kind === 'postgres') return openPostgresPlace(readModel.connectionString, report);
  makeFolderOf(readModel.path);
  return Promise.resolve(openPlaceOf(readModel.path));
}

/**
 * Opens `keys.db` and `checkpoints/`, or if the read models are in PostgreSQL, what takes their place there; and makes
 * them if they are not there. Ties them to the ledger.
 * @throws ForeignKeysError if they belong to another ledger.
 */
export async function openVault(config: Config, ledgerId: string): Promise<Vault> {
  const vault = await openUnclaimedVault(config);
  try {
    await claimVault(vault, ledgerId);
  } catch (error) {
    await vault.close();
    throw error;
  }
  return vault;
}

/**
 * Opens API keys alone: they may be made before there is a ledger.
 * @throws as {@link openVault}, but for the ledger's sake.
 */
export function openApiKeys(config: Config): Promise<Pick<Vault, 'apiKeys' | 'close'>> {
  return openUnclaimedVault(config);
}

async function openUnclaimedVault({ dataDir, readModel }: Config): Promise<Vault> {
  const files = { keys: join(dataDir, 'keys.db'), roots: join(dataDir, 'checkpoints') };
  if (readModel.kind === 'postgres') return openPostgresVault(readModel.connectionString, files);
  makeFolderOf(files.keys);
  const keys = await openKeyFile(files.keys);
  return {
    signingKeys: keys,
    apiKeys: keys.apiKeys,
    tables: keys.tables,
    roots: new RootFolder(files.roots),
    heads: keys,
    owner: keys,
    place: files.keys,
    close: () => keys.close(),
  };
}

/** Signed roots to read alone. */
export interface OpenRoots {
  readonly roots: RootArchive;
  close(): Promise<void>;
}

/** Opens the signed roots that were kept to read alone. */
export function openRoots({ dataDir, readModel }: Config): Promise<OpenRoots> {
  if (readModel.kind === 'postgres') return openPostgresRoots(readModel.connectionString);
  const roots = new RootFolder(join(dataDir, 'checkpoints'));
  return Promise.resolve({ roots, close: () => Promise.resolve() });
}

/**
 * Joins the instances that serve the same ledger. Where the read models are a file there are none; an event store that is
 * a file keeps others away itself.
 * @param report is told when the connection to the others is lost.
 */
export function openCluster(
  { readModel }: Pick<Config, 'readModel'>,
  { shared = false }: Pick<EventStore, 'shared'>,
  report: (error: unknown) => void,
): Cluster {
  if (readModel.kind === 'sqlite') return ALONE;
  const presence = new Presence(readModel.connectionString, report);
  return {
    lease: new PostgresLease(presence),
    gate: shared ? new PostgresAppendGate(presence) : OPEN_GATE,
    trouble: () => (presence.trusted ? undefined : 'PostgreSQL does not answer.'),
    close: () => presence.close(),
  };
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

function connect(
  { connectionString, streamPrefix }: EventStoreChoice & { kind: 'eventstoredb' },
  say?: (line: string) => void,
): Promise<EventStoreTarget> {
  const streams = { prefix: streamPrefix, ...LEDGER_STREAMS };
  return ThreadedEventStore.open({ connectionString, streams }, undefined, say);
}

/** @throws StoreError `refused` if it can't be made. */
function makeFolderOf(path: string): void {
  const folder = dirname(path);
  try {
    if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new StoreError(
      'refused',
      `The folder ${folder} could not be made (${(error as NodeJS.ErrnoException).code}). Make it for this user, or choose another DATA_DIR, EVENT_STORE_URL or READ_MODEL_URL.`,
      { cause: error },
    );
  }
}
