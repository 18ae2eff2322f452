import { sql, type Kysely } from 'kysely';

import { openKysely } from '../../postgres/kysely';
import { PROJECTION_LOCK } from '../../postgres/locks';
import { migrateSchema } from '../../postgres/migrate';
import { openPool, type Connections } from '../../postgres/pool';
import { checkReadModelVersion } from '../migrations';
import type { Rebuildable, ServedReadModel } from '../rebuildable';
import type { ReadModelTables } from '../tables';
import { NextSchema } from './next-schema';
import { PostgresRowStore } from './postgres-row-store';
import { LIVE_SCHEMA, migrations } from './schema';
import { withSnapshots } from './snapshots';

const QUERY_CONNECTIONS = 10;
/** The time limit of a query: somebody waits for the answer. */
const QUERY_MS = 10_000;
const PROJECTOR_CONNECTIONS = 2;
/** One for a snapshot, one for queries beside it. */
const READER_CONNECTIONS = 2;

/** How long a projector's transaction may be idle. A projector that hangs blocks the next one for no longer. */
const STUCK_MS = 5_000;

/** Receives the error of a connection that broke while idle. */
type Report = (error: unknown) => void;

/**
 * A served read model in PostgreSQL: connections for queries, and others for rows, so that queries and rows never wait
 * for each other's connections.
 */
export class PostgresReadModel implements ServedReadModel {
  /**
   * Opens the read model; brings its schema up to date, or creates it. Dropping the schema loses nothing: it is filled
   * from the events.
   * @throws PostgresUnavailableError if it cannot be reached.
   */
  static async open(connectionString: string, report: Report): Promise<PostgresReadModel> {
    await migrateSchema(connectionString, LIVE_SCHEMA, migrations(), PROJECTION_LOCK);
    const queries = openPool(connectionString, LIVE_SCHEMA, report, QUERY_CONNECTIONS, {
      statement_timeout: QUERY_MS,
      idle_in_transaction_session_timeout: 0,
    });
    return new PostgresReadModel(
      openKysely(withSnapshots(queries)),
      openWriterPool(connectionString, report),
    );
  }

  /**
   * Opens the read model for reading only, beside whoever fills it.
   * @throws Error if there is none, or one of another version of the program; PostgresUnavailableError.
   */
  static async openReader(
    connectionString: string,
    report: Report,
  ): Promise<{
    queries: Kysely<ReadModelTables>;
    /** Rows as the projector reads them, on the same connections. */
    rows: () => PostgresRowStore;
    close: () => Promise<void>;
  }> {
    const connections = openPool(connectionString, LIVE_SCHEMA, report, READER_CONNECTIONS, {
      idle_in_transaction_session_timeout: 0,
    });
    const queries = openKysely<ReadModelTables>(withSnapshots(connections));
    try {
      if (!(await isThere(queries))) {
        throw new Error(
          'There is no read model in this PostgreSQL. Start the service on this ledger: it creates the read model.',
        );
      }
      await checkReadModelVersion(queries as unknown as Kysely<unknown>);
    } catch (error) {
      await queries.destroy();
      throw error;
    }
    const rows = () => new PostgresRowStore(connections);
    return { queries, rows, close: () => queries.destroy() };
  }

  /** Opens the projector's side of an existing read model, on a thread of its own. */
  static openWriter(
    connectionString: string,
    report: Report,
  ): { rows: PostgresRowStore; close: () => Promise<void> } {
    const connections = openWriterPool(connectionString, report);
    return { rows: new PostgresRowStore(connections), close: () => connections.end() };
  }

  readonly rowsToRead: PostgresRowStore;

  private constructor(
    readonly queries: Kysely<ReadModelTables>,
    private readonly beside: Connections,
  ) {
    this.rowsToRead = new PostgresRowStore(beside);
  }

  async close(): Promise<void> {
    await this.beside.end();
    await this.queries.destroy();
  }
}

function openWriterPool(connectionString: string, report: Report): Connections {
  return openPool(connectionString, LIVE_SCHEMA, report, PROJECTOR_CONNECTIONS, {
    idle_in_transaction_session_timeout: STUCK_MS,
  });
}

async function isThere(db: Kysely<ReadModelTables>): Promise<boolean> {
  const { rows } = await sql<{
    there: boolean;
  }>`select to_regclass(${`${LIVE_SCHEMA}.kysely_migration`}) is not null as there`.execute(db);
  return rows[0]!.there;
}

/**
 * Opens the read model for a rebuild, beside whoever serves it.
 * @throws PostgresUnavailableError if it cannot be reached.
 */
export async function openPostgresPlace(
  connectionString: string,
  report: Report,
): Promise<Rebuildable & { close(): Promise<void> }> {
  await migrateSchema(connectionString, LIVE_SCHEMA, migrations());
  return {
    openNext: () => NextSchema.open(connectionString, report),
    close: () => Promise.resolve(),
  };
}
