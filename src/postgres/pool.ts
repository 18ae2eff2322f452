import { Pool, types, type PoolClient } from 'pg';

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 5_000;
/** How long a statement may take: past any of ours, short enough that nobody waits for ever. */
const STATEMENT_MS = 60_000;

const INT8 = 20;

/**
 * Opens connections to a PostgreSQL, as they are needed.
 *
 * `bigint` comes as a number: every one of ours is a position, a time or a count below 2^53.
 * @param schema where unqualified names are looked for; made by the migrations.
 * @param report is told when an idle connection breaks: the next statement opens another.
 */
export function openPool(
  connectionString: string,
  schema: string,
  report: (error: Error) => void,
  size = 10,
): Pool {
  const pool = new Pool({
    connectionString,
    max: size,
    connectionTimeoutMillis: CONNECT_MS,
    statement_timeout: STATEMENT_MS,
    application_name: 'minutebook',
    keepAlive: true,
    options: `-c search_path=${schema} -c timezone=UTC`,
    types: {
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === INT8 && format !== 'binary'
          ? Number
          : (types.getTypeParser(oid, format as 'text') as unknown),
    } as NonNullable<ConstructorParameters<typeof Pool>[0]>['types'],
  });
  pool.on('error', report);
  return pool;
}

export type { Pool, PoolClient };
