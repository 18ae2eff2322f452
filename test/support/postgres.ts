import { fork, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { Client } from 'pg';

/** The address of a real PostgreSQL, as a superuser; `undefined` if there is none (test/setup/postgres.mjs). */
const SERVER = process.env['FOUND_POSTGRES_URL'];

/** `describe` if there is a PostgreSQL; otherwise its tests are reported as skipped, by name. */
export const describeWithPostgres = SERVER === undefined ? describe.skip : describe;

/** A database that no other test uses. */
export interface TestDatabase {
  readonly url: string;
  /** Drops the database, even with open connections. */
  readonly drop: () => Promise<void>;
}

/**
 * Makes a database on the tests' server.
 * @param how further clauses of the statement.
 */
export async function newDatabase(how = ''): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await onServer(`CREATE DATABASE ${name} ${how}`);
  const url = new URL(SERVER!);
  url.pathname = `/${name}`;
  const drop = async () => {
    await onServer(`DROP DATABASE ${name} WITH (FORCE)`);
  };
  return { url: url.href, drop };
}

/** A server that no other test uses, so that it may be restarted. */
export class OwnPostgres {
  private constructor(
    readonly url: string,
    private readonly process: ChildProcess,
  ) {}

  static async start(): Promise<OwnPostgres> {
    const child = fork(join(__dirname, '../setup/own-postgres.mjs'), { execArgv: [] });
    const [url] = (await once(child, 'message')) as [string];
    return new OwnPostgres(url, child);
  }

  /** @param signal `SIGINT` for a regular stop; `SIGQUIT` as in a crash, which loses what was not yet on disk. */
  async restart(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    this.process.send({ restart: signal });
    await once(this.process, 'message');
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.disconnect();
    await gone;
  }
}

let inPostgres = false;
const databases = new Map<string, Promise<TestDatabase>>();

/**
 * Services that this test file starts from now on keep their read models in PostgreSQL, each in a database of its own.
 */
export function usePostgres(): void {
  inPostgres = true;
}

/** The environment of a service's read model: the same data folder gets the same database. */
export async function readModelOf(dataDir: string): Promise<Readonly<Record<string, string>>> {
  if (!inPostgres) return {};
  const database = databases.get(dataDir) ?? newDatabase();
  databases.set(dataDir, database);
  return { READ_MODEL_URL: (await database).url };
}

/** Drops what {@link readModelOf} made for a data folder. */
export async function dropReadModelOf(dataDir: string): Promise<void> {
  const database = databases.get(dataDir);
  databases.delete(dataDir);
  await (await database)?.drop();
}

/** Changes a service's read model behind its back; returns the number of changed rows. */
export async function changeReadModel(
  { READ_MODEL_URL, DATA_DIR }: Readonly<Record<string, string>>,
  statement: string,
): Promise<number> {
  if (READ_MODEL_URL !== undefined) {
    const { rowCount } = await query(
      READ_MODEL_URL,
      `SET search_path = minutebook_read; ${statement}`,
    );
    return rowCount;
  }
  const db = new Database(join(DATA_DIR!, 'read-models.db'));
  try {
    return db.prepare(statement).run().changes;
  } finally {
    db.close();
  }
}

/** Runs a statement as the superuser, in the database that all tests share. */
export function onServer(statement: string): Promise<unknown> {
  return query(SERVER!, statement);
}

async function query(connectionString: string, statements: string): Promise<{ rowCount: number }> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const result: unknown = await client.query(statements);
    return (Array.isArray(result) ? result.at(-1) : result) as { rowCount: number };
  } finally {
    await client.end();
  }
}
