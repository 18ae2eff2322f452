import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import Database from 'better-sqlite3';
import { Kysely, Migrator, PostgresDialect, sql, SqliteDialect, type Migration } from 'kysely';
import { Client, Pool } from 'pg';

import { EMPTIED_BY_NEW_STEPS, readModelMigrations } from '../../src/read-model/migrations';
import { LOCKS, PROJECTION_LOCK } from '../../src/postgres/locks';
import { migrateSchema } from '../../src/postgres/migrate';
import { PostgresReadModel } from '../../src/read-model/postgres/postgres-read-model';
import { LIVE_SCHEMA, migrations } from '../../src/read-model/postgres/schema';
import { SqliteServedReadModel } from '../../src/read-model/sqlite/live-read-model';
import { TABLE_KEYS } from '../../src/read-model/tables';
import { describeWithPostgres, newDatabase } from '../support/postgres';

type Steps = Readonly<Record<string, Migration>>;

const DERIVED = Object.keys(TABLE_KEYS)
  .filter((name) => name !== 'checkpoints')
  .sort();

describe('a new step of the read model', () => {
  it('empties every table but that of the checkpoint', () => {
    expect([...EMPTIED_BY_NEW_STEPS].sort()).toEqual(DERIVED);
  });
});

/** Puts a row into each table: a step that adds a column must cope with rows that lack it. */
async function putRows(db: Kysely<unknown>): Promise<void> {
  for (const { name, columns } of await db.introspection.getTables()) {
    const values = columns.map(({ dataType }) => (/text/i.test(dataType) ? '' : 1));
    const names = columns.map((column) => sql.ref(column.name));
    await sql`delete from ${sql.table(name)}`.execute(db);
    await sql`insert into ${sql.table(name)} (${sql.join(names)}) values (${sql.join(values)})`.execute(
      db,
    );
  }
}

async function tablesIn(db: Kysely<unknown>): Promise<string[]> {
  const tables = await db.introspection.getTables();
  return tables.map(({ name }) => name).sort();
}

function theStepsContract(
  name: string,
  steps: Steps,
  open: () => Promise<{ db: Kysely<unknown>; close: () => Promise<void> }>,
  describeIt: typeof describe.skip = describe,
): void {
  const names = Object.keys(steps);
  describeIt(`the steps of the read model: ${name}`, () => {
    it.each(names.slice(0, -1).map((step, at) => [step, at] as const))(
      'lead from %s, with rows in every table, to the newest',
      async (_, at) => {
        const { db, close } = await open();
        const provider = { getMigrations: () => Promise.resolve(steps) };
        const migrator = new Migrator({ db, provider });
        expect((await migrator.migrateTo(names[at]!)).error).toBeUndefined();
        await putRows(db);
        expect((await migrator.migrateToLatest()).error).toBeUndefined();
        expect(await tablesIn(db)).toEqual([...DERIVED, 'checkpoints'].sort());
        await close();
      },
    );
  });
}

theStepsContract('sqlite', readModelMigrations('text'), () => {
  const db = new Kysely<unknown>({
    dialect: new SqliteDialect({ database: new Database(':memory:') }),
  });
  return Promise.resolve({ db, close: () => db.destroy() });
});

theStepsContract(
  'postgresql',
  migrations(),
  async () => {
    const { url, drop } = await newDatabase();
    const pool = new Pool({ connectionString: url });
    // A connection that is still closing is cut when the database is dropped.
    pool.on('error', () => undefined);
    const db = new Kysely<unknown>({ dialect: new PostgresDialect({ pool }) });
    const close = async () => {
      await db.destroy();
      await drop();
    };
    return { db, close };
  },
  describeWithPostgres,
);

describe('a read model in SQLite that another version made', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'minutebook-older-'));
    path = join(folder, 'read-models.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const serve = async () => (await SqliteServedReadModel.open(path)).close();

  async function inFile(work: (db: Kysely<unknown>) => Promise<void>): Promise<void> {
    const db = new Kysely<unknown>({
      dialect: new SqliteDialect({ database: new Database(path) }),
    });
    await work(db);
    await db.destroy();
  }

  it('is as it was if the update of an older one fails halfway, and the next start updates it', async () => {
    await inFile(async (db) => {
      const provider = { getMigrations: () => Promise.resolve(readModelMigrations('text')) };
      await new Migrator({ db, provider }).migrateTo('0003-open-attempts');
      await sql`create trigger fails before update on checkpoints begin select raise(abort, 'halfway'); end`.execute(
        db,
      );
    });
    // The error's class may be of another realm: that of the test that loaded the driver first.
    await expect(serve()).rejects.toMatchObject({ message: 'halfway' });
    await inFile(async (db) => {
      await sql`drop trigger fails`.execute(db);
    });
    await expect(serve()).resolves.toBeUndefined();
  });

  it('is refused, with what to do, if it is of a newer one', async () => {
    await serve();
    await inFile(async (db) => {
      await sql`insert into kysely_migration values ('9999-later', '')`.execute(db);
    });
    await expect(serve()).rejects.toThrow(
      `The read model ${path} was made by another version of Minutebook, most likely a newer one. Start that version, or delete the file: this version then fills it again from the ledger.`,
    );
  });
});

describeWithPostgres('a read model in PostgreSQL that an older version made', () => {
  it('is left as it is while an instance of that version fills it', async () => {
    const { url, drop } = await newDatabase();
    const older = Object.fromEntries(Object.entries(migrations()).slice(0, -1));
    await migrateSchema(url, LIVE_SCHEMA, older);
    const instance = new Client({ connectionString: url });
    await instance.connect();
    await instance.query('SELECT pg_advisory_lock($1, $2)', [LOCKS, PROJECTION_LOCK]);
    const open = () => PostgresReadModel.open(url, () => undefined);
    await expect(open()).rejects.toThrow(
      'An instance of an older version of Minutebook is running on this database. Stop all instances, then start this version.',
    );
    await instance.end();
    await (await open()).close();
    await drop();
  });
});
