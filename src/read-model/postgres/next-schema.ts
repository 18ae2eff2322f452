import { isOfMissing, PostgresUnavailableError } from '../../postgres/errors';
import { LOCKS, REBUILD_LOCK } from '../../postgres/locks';
import { dropSchema, migrateSchema } from '../../postgres/migrate';
import { openPool, type Connection, type Connections } from '../../postgres/pool';
import { inTransaction } from '../../postgres/statements';
import { readModelMigrations } from '../migrations';
import type { NextReadModel } from '../rebuildable';
import { columnsOf, ROW_TABLES } from './columns';
import { PostgresRowStore } from './postgres-row-store';
import { SCHEMA, TEXT } from './schema';

/** Where the next rows are until they take the place of the live ones. */
const NEXT_SCHEMA = 'minutebook_read_next';
/** For the lock, the rows, and the transaction of the switch. */
const CONNECTIONS = 4;
/** All rows are written once more in the switch. */
const SWITCH_MS = 3_600_000;

/**
 * A read model in the making, in a schema beside the live one. It takes its place by one transaction that puts its rows
 * where the live ones are: who reads has all of the old ones or all of the new ones, whatever else is open. The tables
 * themselves are not exchanged: a snapshot that is open would find the new ones, without their rows.
 */
export class NextSchema implements NextReadModel {
  /** Goes on with what is there. @throws Error where another instance is at it, PostgresUnavailableError. */
  static async open(connectionString: string): Promise<NextSchema> {
    const connections = openPool(connectionString, NEXT_SCHEMA, () => undefined, CONNECTIONS, {
      statement_timeout: SWITCH_MS,
    });
    let lock: Connection | undefined;
    try {
      lock = await connections.connect();
      await takeLock(lock);
      await make(connectionString);
    } catch (error) {
      lock?.release();
      await connections.end();
      throw error;
    }
    return new NextSchema(connectionString, connections, lock);
  }

  readonly rows: PostgresRowStore;
  private done = false;

  private constructor(
    private readonly connectionString: string,
    private readonly connections: Connections,
    private readonly lock: Connection,
  ) {
    this.rows = new PostgresRowStore(connections);
  }

  async promote(catchUp: () => Promise<void>): Promise<void> {
    await inTransaction(this.connections, async (connection) => {
      // Who wants to commit to the live one waits here, and is then refused: its row is another one.
      await connection.query(`SELECT name FROM ${SCHEMA}.checkpoints FOR UPDATE`);
      await catchUp();
      for (const table of ROW_TABLES) {
        const columns = columnsOf(table);
        await connection.query(`DELETE FROM ${SCHEMA}.${table}`);
        await connection.query(
          `INSERT INTO ${SCHEMA}.${table} (${columns}) SELECT ${columns} FROM ${NEXT_SCHEMA}.${table}`,
        );
      }
      await connection.query(
        `UPDATE ${SCHEMA}.checkpoints AS live SET position = next.position, size = next.size,
           recorded_at = next.recorded_at, edge = next.edge, agreement = next.agreement
         FROM ${NEXT_SCHEMA}.checkpoints AS next WHERE next.name = live.name`,
      );
    });
    this.done = true;
  }

  async startAgain(): Promise<void> {
    await dropSchema(this.connectionString, NEXT_SCHEMA);
    await make(this.connectionString);
  }

  explain(error: unknown): string | undefined {
    return error instanceof PostgresUnavailableError ? error.message : undefined;
  }

  isDamage(error: unknown): boolean {
    return isOfMissing(error);
  }

  async close(): Promise<void> {
    // Its rows are the live ones now. Where that fails, the next rebuild goes on with them.
    if (this.done) {
      await dropSchema(this.connectionString, NEXT_SCHEMA).catch(() => undefined);
    }
    await this.lock
      .query('SELECT pg_advisory_unlock($1, $2)', [LOCKS, REBUILD_LOCK])
      .catch(() => undefined);
    this.lock.release();
    await this.connections.end();
  }
}

async function takeLock(connection: Connection): Promise<void> {
  const { rows } = await connection.query<{ taken: boolean }>(
    'SELECT pg_try_advisory_lock($1, $2) AS taken',
    [LOCKS, REBUILD_LOCK],
  );
  if (!rows[0]!.taken) {
    throw new Error('Another instance, or a command, is rebuilding the read models.');
  }
}

/** What a newer program began cannot be gone on with. */
async function make(connectionString: string): Promise<void> {
  const migrate = () => migrateSchema(connectionString, NEXT_SCHEMA, readModelMigrations(TEXT));
  await migrate().catch(async (error: unknown) => {
    if (error instanceof PostgresUnavailableError) throw error;
    await dropSchema(connectionString, NEXT_SCHEMA);
    await migrate();
  });
}
