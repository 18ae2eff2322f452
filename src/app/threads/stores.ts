import { createRequire } from 'node:module';

import type { Config } from '../../config/config';
import type { EventStoreChoice } from '../../config/event-store';
import type { ReadModelChoice } from '../../config/read-model';
import { LEDGER_STREAMS } from '../../domain/ledger';
import type * as EventStoreDb from '../../event-store/eventstoredb/eventstoredb-event-store';
import type * as Joined from '../../event-store/eventstoredb/joined-event-store';
import type { EventFollower, EventReader } from '../../event-store/port';
import { SqliteEventStore } from '../../event-store/sqlite/sqlite-event-store';
import type { ProjectionSide, StorePorts } from '../../projections/hosted/host-projector';
import type * as Postgres from '../../read-model/postgres/postgres-read-model';
import type { Rebuildable } from '../../read-model/rebuildable';
import { besideServed } from '../../read-model/sqlite/live-read-model';
import { LiveRows } from '../../read-model/sqlite/live-rows';
import { LiveWriter } from '../../read-model/sqlite/live-writer';
import { SqliteReadModel } from '../../read-model/sqlite/sqlite-read-model';
import type { KeptReader } from './live-reader';
import type { Occupant } from '../../read-model/sqlite/next-file';

/**
 * Loads the adapters of servers only if they are configured: otherwise each thread would spend a second and 30 MB on
 * them.
 */
const load = createRequire(__filename);

type Stores = Pick<Config, 'eventStore' | 'readModel' | 'memory'>;

/** Opens what the projecting thread works on. */
export async function openProjectionSide(
  { eventStore, readModel, memory }: Stores,
  ports: StorePorts,
  report: (error: unknown) => void,
): Promise<ProjectionSide> {
  const store = await openFollower(eventStore, ports);
  try {
    switch (readModel.kind) {
      case 'sqlite':
        return sqliteSide(store, new LiveWriter(readModel.path, memory.rowCacheKb));
      case 'postgres':
        return postgresSide(store, readModel.connectionString, report);
    }
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function openFollower(choice: EventStoreChoice, ports: StorePorts): Promise<EventFollower> {
  switch (choice.kind) {
    case 'sqlite':
      return SqliteEventStore.openReader(choice.path);
    case 'eventstoredb': {
      const { JoinedEventStore } = load(
        '../../event-store/eventstoredb/joined-event-store',
      ) as typeof Joined;
      return JoinedEventStore.open(ports);
    }
  }
}

function sqliteSide(store: EventFollower, live: LiveWriter): ProjectionSide {
  let hold: Promise<() => void> | undefined;
  return {
    store,
    rows: new LiveRows(live),
    writer: {
      hold: async () => {
        hold = live.hold();
        await hold;
      },
      reopen: () => Promise.resolve(live.reopen()),
      // May be called while the hold still waits for a commit.
      release: async () => {
        const held = hold;
        hold = undefined;
        (await held)?.();
      },
    },
    close: async () => {
      live.close();
      await store.close();
    },
  };
}

function postgresSide(
  store: EventFollower,
  connectionString: string,
  report: (error: unknown) => void,
): ProjectionSide {
  const { PostgresReadModel } = load(
    '../../read-model/postgres/postgres-read-model',
  ) as typeof Postgres;
  const { rows, close } = PostgresReadModel.openWriter(connectionString, report);
  return {
    store,
    rows,
    close: async () => {
      await close();
      await store.close();
    },
  };
}

/** Opens the events read-only, on a connection of this thread. */
export function openThreadReader(choice: EventStoreChoice): Promise<EventReader> {
  switch (choice.kind) {
    case 'sqlite':
      return Promise.resolve(SqliteEventStore.openReader(choice.path));
    case 'eventstoredb': {
      const { EventStoreDbEventStore } = load(
        '../../event-store/eventstoredb/eventstoredb-event-store',
      ) as typeof EventStoreDb;
      const streams = { prefix: choice.streamPrefix, ...LEDGER_STREAMS };
      const { connectionString } = choice;
      return Promise.resolve(new EventStoreDbEventStore({ connectionString, streams }));
    }
  }
}

/** Opens the place of the live read model while the service runs, to fill a new one for that place. */
export function openPlaceBeside(
  choice: ReadModelChoice,
  occupant: Occupant,
  report: (error: unknown) => void,
): Rebuildable {
  switch (choice.kind) {
    case 'sqlite':
      return besideServed(choice.path, occupant);
    case 'postgres': {
      const { openPostgresPlace } = load(
        '../../read-model/postgres/postgres-read-model',
      ) as typeof Postgres;
      const { connectionString } = choice;
      return {
        openNext: async () => (await openPostgresPlace(connectionString, report)).openNext(),
      };
    }
  }
}

/** Opens the live read model read-only, on a connection of this thread. */
export async function openLiveReader(
  choice: ReadModelChoice,
  report: (error: unknown) => void,
): Promise<KeptReader> {
  switch (choice.kind) {
    case 'sqlite':
      return SqliteReadModel.openReader(choice.path);
    case 'postgres': {
      const { PostgresReadModel } = load(
        '../../read-model/postgres/postgres-read-model',
      ) as typeof Postgres;
      const reader = await PostgresReadModel.openReader(choice.connectionString, report);
      // Always current: each snapshot looks up which schema is live.
      return { ...reader, isCurrent: () => true };
    }
  }
}
