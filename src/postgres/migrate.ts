import { setTimeout as sleep } from 'node:timers/promises';

import { Migrator, type Migration } from 'kysely';
import { Client } from 'pg';

import { asOurs, unavailable } from './errors';
import { kyselyOn } from './kysely';
import { LOCKS } from './locks';
import { clientConfig } from './pool';
import { checkEncoding, explainRefusal } from './refusals';

/** How often to check whether another instance has finished migrating, and for how long. */
const PAUSE_MS = 100;
const WAIT_MS = 600_000;
/** How long an instance of an older version may take to end. */
const OLDER_ENDS_MS = 5_000;

/**
 * Brings a schema to its newest version, and creates it if it does not exist. However many instances start at once, one
 * migrates and the others wait for it. The lock and the work use the same connection, so they end together.
 * @param writer the advisory lock of the instance that writes to the database. While one of an older version has it, the
 * schema is left as it is: that instance would fill the new tables in its own way, or could not start again.
 * @throws PostgresUnavailableError if PostgreSQL cannot be reached; RefusedByPostgresError if the service can't use the
 * database as it is; Error if a newer program made the schema, or an older one is writing to it.
 */
export async function migrateSchema(
  connectionString: string,
  schema: string,
  migrations: Readonly<Record<string, Migration>>,
  writer?: number,
): Promise<void> {
  const client = new Client(clientConfig(connectionString, schema));
  client.on('error', () => undefined);
  try {
    await client.connect();
    await checkEncoding(client);
    await lock(client, schema);
    await makeSchema(client, schema);
    const migrator = new Migrator({
      db: kyselyOn(client),
      provider: { getMigrations: () => Promise.resolve({ ...migrations }) },
      migrationTableSchema: schema,
      // Migrations are identified by name, and a new one may sort before one that has run.
      allowUnorderedMigrations: true,
    });
    if (writer !== undefined && (await isOlder(migrator))) await outlast(client, writer);
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw ofMigration(error, schema);
  } catch (error) {
    throw explainRefusal(asOurs(error), connectionString, schema);
  } finally {
    // Ending the connection releases the lock, whether the work succeeded or not.
    await client.end().catch(() => undefined);
  }
}

async function lock(client: Client, schema: string): Promise<void> {
  if (await take(client, 'hashtext($2)', `migrate ${schema}`, WAIT_MS)) return;
  throw unavailable(new Error('timeout: another instance is migrating'));
}

/**
 * Takes an advisory lock, until the connection ends.
 * @param number the expression of its second number, of the value `$2`.
 * @returns whether it was free within a time.
 */
async function take(
  client: Client,
  number: string,
  value: string | number,
  ms: number,
): Promise<boolean> {
  const until = performance.now() + ms;
  for (;;) {
    const { rows } = await client.query<{ taken: boolean }>(
      `SELECT pg_try_advisory_lock($1, ${number}) AS taken`,
      [LOCKS, value],
    );
    if (rows[0]!.taken) return true;
    if (performance.now() > until) return false;
    await sleep(PAUSE_MS);
  }
}

async function isOlder(migrator: Migrator): Promise<boolean> {
  const steps = await migrator.getMigrations();
  const done = steps.filter(({ executedAt }) => executedAt !== undefined).length;
  return done > 0 && done < steps.length;
}

/** Waits until no instance of an older version has its lock, and keeps it from taking it again. */
async function outlast(client: Client, writer: number): Promise<void> {
  if (await take(client, '$2', writer, OLDER_ENDS_MS)) return;
  throw new Error(
    'An instance of an older version of Minutebook is running on this database. Stop all instances, then start this version.',
  );
}

/** Creates the schema. A role that may not create schemas can still use an existing one. */
async function makeSchema(client: Client, schema: string): Promise<void> {
  const { rows } = await client.query<{ there: boolean }>(
    'SELECT to_regnamespace($1) IS NOT NULL AS there',
    [schema],
  );
  if (!rows[0]!.there) await client.query(`CREATE SCHEMA ${client.escapeIdentifier(schema)}`);
}

function ofMigration(error: unknown, schema: string): Error {
  const { message } = error as Error;
  if (!message.startsWith('corrupted migrations')) return error as Error;
  return new Error(
    `The schema ${schema} was made by another version of Minutebook, most likely a newer one. Start that version.`,
    { cause: error },
  );
}
