import {
  openPostgresPlace,
  PostgresReadModel,
} from '../../src/read-model/postgres/postgres-read-model';
import type { Rebuildable, ServedReadModel } from '../../src/read-model/rebuildable';
import type { RowStore } from '../../src/read-model/rows';
import { besideServed, SqliteServedReadModel } from '../../src/read-model/sqlite/live-read-model';
import { LiveRows } from '../../src/read-model/sqlite/live-rows';
import { LiveWriter } from '../../src/read-model/sqlite/live-writer';

type Report = (error: unknown) => void;
const unheard: Report = () => undefined;

/** A read model that is filled, served and replaced on the test's own thread. A service does each on a thread of its own. */
export interface LiveReadModel extends Rebuildable, ServedReadModel {
  /** The projector's side. */
  readonly rows: RowStore;
}

export async function openSqliteLive(path: string): Promise<LiveReadModel> {
  const served = await SqliteServedReadModel.open(path);
  const writer = new LiveWriter(path);
  let release = () => undefined as void;
  const steps = served.switchWith({
    hold: async () => void (release = await writer.hold()),
    reopen: () => Promise.resolve(writer.reopen()),
    release: () => Promise.resolve(release()),
  });
  const place = besideServed(path, {
    alone: async (work) => {
      await steps.hold();
      await work().finally(() => steps.abandon());
    },
    exchange: async (putInPlace) => {
      await steps.begin();
      putInPlace();
      await steps.end(true);
    },
  });
  return {
    get queries() {
      return served.queries;
    },
    rows: new LiveRows(writer),
    rowsToRead: served.rowsToRead,
    openNext: () => place.openNext(),
    close: () => {
      writer.close();
      return served.close();
    },
  };
}

export async function openPostgresLive(
  connectionString: string,
  report: Report = unheard,
): Promise<LiveReadModel> {
  const served = await PostgresReadModel.open(connectionString, report);
  const writer = PostgresReadModel.openWriter(connectionString, report);
  const place = await openPostgresPlace(connectionString, report);
  return {
    queries: served.queries,
    rows: writer.rows,
    rowsToRead: served.rowsToRead,
    openNext: () => place.openNext(),
    close: async () => {
      await place.close();
      await writer.close();
      await served.close();
    },
  };
}
