import { Kysely, PostgresDialect, type PostgresPool } from 'kysely';

import type { Connection, Connections } from './pool';

/** Makes a query builder over connections. Destroying the query builder ends them. */
export function openKysely<T>(connections: Connections): Kysely<T> {
  return new Kysely<T>({ dialect: new PostgresDialect({ pool: connections as PostgresPool }) });
}

/** Makes a query builder over one connection, which stays open. */
export function kyselyOn<T>(connection: Pick<Connection, 'query'>): Kysely<T> {
  const one = {
    query: <R>(text: string, values: readonly unknown[]) => connection.query<R>(text, values),
    release: () => undefined,
  };
  const pool = { connect: () => Promise.resolve(one), end: () => Promise.resolve() };
  return new Kysely<T>({ dialect: new PostgresDialect({ pool: pool as unknown as PostgresPool }) });
}
