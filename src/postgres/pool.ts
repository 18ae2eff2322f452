import { Pool, types, type ClientConfig } from 'pg';

import { asOurs, asOursAtConnect } from './errors';
import { PostgresUnavailableError } from './unavailable';

/** How long connecting may take, in milliseconds. */
const CONNECT_MS = 5_000;
/**
 * How long a statement may take, in milliseconds: longer than any statement of the service needs, and short enough that
 * nobody waits forever.
 */
const STATEMENT_MS = 30_000;
/**
 * How long a transaction may do nothing, in milliseconds: if its instance hangs or is gone, its locks must not stay.
 * Transactions of snapshots, which wait for slow readers, are excepted.
 */
const IDLE_MS = 60_000;
/** How the server finds out within half a minute that an instance is gone, without its machine having said so. */
const KEEP_ALIVE = [
  '-c tcp_keepalives_idle=10',
  '-c tcp_keepalives_interval=5',
  '-c tcp_keepalives_count=3',
].join(' ');
/** How much longer to wait, as a factor, for a server that does not even report the timeout. */
const GRACE = 1.2;

const INT8 = 20;

export interface Result<R> {
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  readonly rowCount: number;
  readonly rows: R[];
}

/** A connection. If the connection itself fails, calls reject with one of our errors (`errors.ts`). */
export interface Connection {
  /** @param name if given, the connection keeps the statement prepared under this name. */
  query<R>(text: string, values?: readonly unknown[], name?: string): Promise<Result<R>>;
  /** Returns the connection to the pool. A broken one is closed. */
  release(): void;
}

/** Connections to a PostgreSQL, opened as needed, up to a maximum. */
export interface Connections {
  /** @throws PostgresUnavailableError also if the server refuses the login: it may allow it later. */
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

/**
 * @param schema where unqualified names are looked up. The migrations create it.
 * @param report receives the error when an idle connection breaks. The next statement opens another one.
 */
export function openPool(
  connectionString: string,
  schema: string,
  report: (error: unknown) => void,
  size = 10,
  more: ClientConfig = {},
): Connections {
  const statementMs = more.statement_timeout || STATEMENT_MS;
  const pool = new Pool({
    ...clientConfig(connectionString, schema),
    idle_in_transaction_session_timeout: IDLE_MS,
    ...more,
    max: size,
    statement_timeout: statementMs,
    query_timeout: statementMs * GRACE,
  });
  pool.on('error', (error) => report(asOurs(error)));
  // If a connection breaks while in use, its query rejects. Without a listener, its error event would also end the
  // process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { connect: () => connect(pool), end: () => pool.end() };
}

/**
 * Returns the options of a client. It reads `bigint` as a number, because every one that the service stores is a
 * position, time or count below 2^53.
 */
export function clientConfig(connectionString: string, schema: string): ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'minutebook',
    keepAlive: true,
    options: `-c search_path=${schema} -c timezone=UTC ${KEEP_ALIVE}`,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary'
          ? Number
          : (types.getTypeParser(oid, format) as unknown),
    },
  };
}

async function connect(pool: Pool): Promise<Connection> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asOursAtConnect(error);
  });
  let broken: PostgresUnavailableError | undefined;
  return {
    async query<R>(text: string, values: readonly unknown[] = [], name?: string) {
      // After a timeout, the late answer could be taken for the answer to the next query.
      if (broken !== undefined) throw broken;
      try {
        const query = {
          text,
          values: values as unknown[],
          ...(name === undefined ? {} : { name }),
        };
        return (await client.query(query)) as unknown as Result<R>;
      } catch (error) {
        const ours = asOurs(error);
        if (ours instanceof PostgresUnavailableError) broken = ours;
        throw ours;
      }
    },
    release: () => client.release(broken !== undefined),
  };
}
