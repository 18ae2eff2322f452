import { Pool, types, type ClientConfig } from 'pg';

import { asOurs, PostgresUnavailableError } from './errors';

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 5_000;
/** How long a statement may take, in milliseconds: past any of ours, short enough that nobody waits for ever. */
const STATEMENT_MS = 30_000;
/** For how much longer a server that does not even say so is waited for, as a factor. */
const GRACE = 1.2;

const INT8 = 20;

interface Result<R> {
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';
  readonly rowCount: number;
  readonly rows: R[];
}

/** What can be asked of a connection. What is of the connection rejects as one of ours (`errors.ts`). */
export interface Connection {
  /** @param name under which the connection keeps the statement prepared; left out, it keeps none. */
  query<R>(text: string, values?: readonly unknown[], name?: string): Promise<Result<R>>;
  /** Gives it back; one that broke is closed. */
  release(): void;
}

/** Connections to a PostgreSQL, opened as they are needed, at most so many at once. */
export interface Connections {
  connect(): Promise<Connection>;
  end(): Promise<void>;
}

/**
 * @param schema where unqualified names are looked for; made by the migrations.
 * @param report is told when an idle connection breaks: the next statement opens another.
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
    ...more,
    max: size,
    statement_timeout: statementMs,
    query_timeout: statementMs * GRACE,
  });
  pool.on('error', (error) => report(asOurs(error)));
  // One that breaks while it is in use says so to whoever uses it; unheard, its event would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return { connect: () => connect(pool), end: () => pool.end() };
}

/** `bigint` comes as a number: every one of ours is a position, a time or a count below 2^53. */
export function clientConfig(connectionString: string, schema: string): ClientConfig {
  return {
    connectionString,
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'minutebook',
    keepAlive: true,
    options: `-c search_path=${schema} -c timezone=UTC`,
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
    throw asOurs(error);
  });
  let broken: PostgresUnavailableError | undefined;
  return {
    async query<R>(text: string, values: readonly unknown[] = [], name?: string) {
      // A client that gave up waiting may still be sent the answer, to the next one's question.
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
