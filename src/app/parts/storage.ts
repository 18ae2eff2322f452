import type { MessagePort } from 'node:worker_threads';

import { LedgerHead } from '../../ledger/ledger-head';
import { openLedger, type Opening } from '../../ledger/open-ledger';
import { WatchedStore } from '../../ledger/watched-store';
import { KeptPersonalSecrets } from '../../personal/kept-personal-keys';
import { checkSameLedger } from '../../projections/same-ledger';
import { ReadModel } from '../../read-model/queries';
import type { ServedReadModel } from '../../read-model/rebuildable';
import { traceAppend } from '../../tracing/traced-recorder';
import { onceReachable } from '../starting';
import { joinEventStore, openEventStore, openReadModel } from '../stores';
import { openVault } from '../open-vault';
import type { Vault } from '../vault';
import type { Parts } from './parts';
import { reportTo, warnTo, type Start } from './start';
import type { Telemetry } from './telemetry';

/** The stores of a service: its events, its keys, and the rows from which it answers. */
export interface Storage {
  readonly ledgerId: string;
  readonly opening: Opening;
  readonly store: WatchedStore;
  /** Makes a port through which another thread uses the same event store. */
  readonly storePort: () => MessagePort;
  readonly ledgerHead: LedgerHead;
  /** When the newest event was recorded, in milliseconds since 1970; `undefined` if there was none. */
  readonly lastStamp: number | undefined;
  readonly vault: Vault;
  readonly tables: ServedReadModel;
  readonly readModel: ReadModel;
}

/**
 * Opens the stores one after another. The ledger comes first: its id tells which keys and rows belong to it.
 * @throws StoreError, OtherZoneError, ForeignKeysError, PostgresUnavailableError; each message says what to do.
 */
export async function openStorage(
  start: Start,
  { telemetry }: Pick<Parts, 'telemetry'>,
): Promise<Storage> {
  const { config, logger, opened } = start;
  const say = logger === false ? undefined : warnTo('event store');
  const eventStore = opened.keep(await openEventStore(config, say));
  const store = new WatchedStore(eventStore);
  tellOfAppends(store, telemetry);
  const ledgerHead = new LedgerHead(store);
  store.appended.add(({ position }) => ledgerHead.saw(position));
  const { opening, lastStamp } = await reach(start, 'event store', () => openAt(start, store));
  const ledgerId = opening.opened.ledger_id;
  const vault = opened.keep(await reach(start, 'keys', () => openVault(config, ledgerId)));
  const tables = opened.keep(
    await reach(start, 'read model', () => openReadModel(config, reportTo('read model'))),
  );
  await checkSameLedger(store, tables.rowsToRead);
  return {
    ledgerId,
    opening,
    store,
    storePort: () => joinEventStore(eventStore),
    ledgerHead,
    lastStamp,
    vault,
    tables,
    readModel: new ReadModel(tables.queries, new KeptPersonalSecrets(vault.tables)),
  };
}

function tellOfAppends(store: WatchedStore, { meter, commits }: Telemetry): void {
  store.appended.add(({ seconds, events }) => meter.metrics.appended(seconds, events));
  if (commits !== undefined) store.appended.add(traceAppend);
}

/** Opens the ledger in its store, and makes it if there is none. */
async function openAt({ config, now }: Start, store: WatchedStore) {
  const opening = await openLedger(store, config.opening, config.billingTimeZone, now());
  return { opening, lastStamp: (await store.last())?.recordedAt };
}

function reach<T>(start: Start, context: string, work: () => Promise<T>): Promise<T> {
  return onceReachable(work, start.waitMs, start.config, warnTo(context));
}
