import { randomBytes } from 'node:crypto';

import { Client } from 'pg';

/** The address of a real PostgreSQL, as a superuser; `undefined` where there is none (test/setup/postgres.mjs). */
const SERVER = process.env['FOUND_POSTGRES_URL'];

/** `describe` where a PostgreSQL is there; else its tests are reported as skipped, by name. */
export const describeWithPostgres = SERVER === undefined ? describe.skip : describe;

/** A database that no other test has. */
export interface TestDatabase {
  readonly url: string;
  /** Takes it away, whoever is connected. */
  drop(): Promise<void>;
}

/** Makes a database on the tests' server. */
export async function newDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name}`);
  const url = new URL(SERVER!);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(`DROP DATABASE ${name} WITH (FORCE)`) };
}

let inPostgres = false;
const databases = new Map<string, Promise<TestDatabase>>();

/** From now on the services that this test file starts keep their read models in PostgreSQL, each in a database of its own. */
export function usePostgres(): void {
  inPostgres = true;
}

/** The environment of a service's read model: the same database for the same data folder. */
export async function readModelOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (!inPostgres) return {};
  const database = databases.get(dataDir) ?? newDatabase();
  databases.set(dataDir, database);
  return { READ_MODEL_URL: (await database).url };
}

/** Takes away what {@link readModelOf} made for a data folder. */
export async function dropReadModelOf(dataDir: string): Promise<void> {
  const database = databases.get(dataDir);
  databases.delete(dataDir);
  await (await database)?.drop();
}

async function onServer(statement: string): Promise<void> {
  const client = new Client({ connectionString: SERVER });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
