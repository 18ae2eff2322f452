import { Logger, type LoggerService } from '@nestjs/common';

import { Exports } from '../audit/export/exports';
import type { Config } from '../config/config';
import type { EventStore } from '../event-store/port';
import { openLedger } from '../finance/open-ledger';
import { Recorder } from '../ingestion/recorder';
import { project } from '../projections/project';
import { Projector } from '../projections/projector';
import { LedgerIndex } from '../read-model/ledger-index';
import { ReadModel } from '../read-model/queries';
import { compareReadModels, type Difference } from '../read-model/sqlite/compare-read-models';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import { ReadModels } from '../usage/read-models';
import { Clock } from './clock';
import { createHttp } from './http';
import { RouteTable } from './route-table';
import { openEventStore, openReadModel, openTemporaryReadModel } from './stores';

const SHOWN_DIFFERENCES = 100;

/** A running service. */
export interface Service {
  /** Such as `http://127.0.0.1:3000`. */
  readonly url: string;
  readonly projector: Projector;
  /** Every route as `GET /v1/users/:user_id`, sorted. */
  readonly routes: readonly string[];
  /**
   * Fills a read model from nothing in a file of its own, up to where the live one stands, and compares the two, row
   * for row. Nothing may be recorded meanwhile. Answers the first differences, none if they are equal.
   */
  rebuildBeside(path: string, onProgress: (position: number) => void): Promise<Difference[]>;
  /** Stops taking requests, writes what was taken, and lets go of the files. */
  close(): Promise<void>;
}

export interface ServiceOptions {
  /** `false` = say nothing. */
  readonly logger?: LoggerService | false;
  readonly clock?: Clock;
}

/**
 * Puts the service together and starts it.
 * @throws StoreError, OtherZoneError and system errors, each with what to do.
 */
export async function createService(
  config: Config,
  options: ServiceOptions = {},
): Promise<Service> {
  const clock = options.clock ?? new Clock();
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const store = await openEventStore(config);
    closing.push(() => store.close());
    await openLedger(store, config.opening, config.billingTimeZone, clock.now());
    const tables = await openReadModel(config);
    closing.push(() => tables.close());
    const logger = new Logger('projector');
    const projector = new Projector(store, tables.rows, (error) =>
      logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    closing.push(() => projector.close());
    const recorder = new Recorder(store, () => clock.now(), (await store.last())?.recordedAt);
    closing.push(() => recorder.close());
    const readModel = new ReadModel(tables.queries, () => tables.openSnapshot());
    const readModels = new ReadModels(readModel, store, clock, async () => {
      const past = await openTemporaryReadModel();
      const { rows, queries } = past;
      const readModel = new ReadModel(queries, () => past.openSnapshot());
      return { rows, readModel, close: () => past.close() };
    });
    closing.push(() => readModels.close());
    const ledgerIndex = new LedgerIndex(store, readModel);
    const exports = new Exports(readModels, ledgerIndex, config.invoiceIssuerName, (error) =>
      new Logger('export').warn(error.message),
    );
    const routes = new RouteTable();
    const app = await createHttp(
      {
        store,
        recorder,
        projector,
        readModel,
        readModels,
        rows: tables.rows,
        clock,
        exports,
        ledgerIndex,
      },
      options.logger ?? new Logger(),
      routes,
    );
    closing.push(() => app.close());
    projector.start();
    await app.listen(config.port, config.host);
    const rebuildBeside = async (path: string, onProgress: (position: number) => void) => {
      await rebuildReadModel(store, path, projector.status().position, onProgress);
      return compareReadModels(config.readModelPath, path, SHOWN_DIFFERENCES);
    };
    return {
      rebuildBeside,
      url: (await app.getUrl()).replace('[::1]', 'localhost'),
      projector,
      routes: routes.list(),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function rebuildReadModel(
  store: EventStore,
  path: string,
  position: number,
  onProgress: (position: number) => void,
): Promise<void> {
  const tables = await SqliteReadModel.open(path);
  try {
    await project(store, tables.rows, position, onProgress);
  } finally {
    await tables.close();
  }
}
