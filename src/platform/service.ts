import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';

import { Logger, type LoggerService } from '@nestjs/common';

import type { Config } from '../config/config';
import type { EventStore, Position } from '../event-store/port';
import { SqliteEventStore } from '../event-store/sqlite/sqlite-event-store';
import { openLedger } from '../finance/open-ledger';
import { Recorder } from '../ingestion/recorder';
import { project } from '../projections/project';
import { Projector } from '../projections/projector';
import { ReadModel } from '../read-model/queries';
import { compareReadModels, type Difference } from '../read-model/sqlite/compare-read-models';
import { SqliteReadModel } from '../read-model/sqlite/sqlite-read-model';
import { ReadModels } from '../usage/read-models';
import { Clock } from './clock';
import { createHttp } from './http';
import { RouteTable } from './route-table';

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
 * Puts the service together, the one place where adapters are chosen, and starts it.
 * @throws StoreError, OtherZoneError and system errors, each with what to do.
 */
export async function createService(
  config: Config,
  options: ServiceOptions = {},
): Promise<Service> {
  const clock = options.clock ?? new Clock();
  for (const path of [config.eventStorePath, config.readModelPath]) {
    if (!existsSync(dirname(path))) mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  }
  const closing: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const step of closing.splice(0).reverse()) await step();
  };
  try {
    const store = SqliteEventStore.open(config.eventStorePath);
    closing.push(() => store.close());
    await openLedger(store, config.opening, config.billingTimeZone, clock.now());
    const tables = await SqliteReadModel.open(config.readModelPath);
    closing.push(() => tables.close());
    const logger = new Logger('projector');
    const projector = new Projector(store, tables.rows, (error) =>
      logger.error(error instanceof Error ? (error.stack ?? error.message) : String(error)),
    );
    closing.push(() => projector.close());
    const recorder = new Recorder(store, () => clock.now(), await lastStamp(store));
    closing.push(() => recorder.close());
    const readModel = new ReadModel(tables.queries);
    const readModels = new ReadModels(readModel, store, clock, async () => {
      const past = await SqliteReadModel.temporary();
      const { rows, queries } = past;
      return { rows, readModel: new ReadModel(queries), close: () => past.close() };
    });
    closing.push(() => readModels.close());
    const routes = new RouteTable();
    const app = await createHttp(
      { store, recorder, projector, readModel, readModels, rows: tables.rows, clock },
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

/** The recorded time of the ledger's last event: no later one is stamped with less. */
async function lastStamp(store: EventStore): Promise<number> {
  const head = await store.head();
  const [last] = await store.readAll((head - 1) as Position, 1);
  return last?.recordedAt ?? 0;
}
