import Database from 'better-sqlite3';

import { SqliteKeptTables } from '../kept/sqlite-kept-tables';
import type { KeptTables } from '../kept/kept-tables';
import { KEPT_MIGRATIONS, KEPT_SCHEMA } from '../postgres/kept-schema';
import { migrateSchema } from '../postgres/migrate';
import { PostgresKeptTables } from '../postgres/postgres-kept-tables';
import { openPool } from '../postgres/pool';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../../test/support/postgres';
import { adoptPersonalKeys } from '../personal/adopt-personal-keys';
import { adoptKept } from './adopt-kept';

const TABLES = ['webhooks', 'alerts', 'happenings', 'deliveries', 'follower'];
const AT = 1_795_000_000_000;

async function fill(tables: KeptTables): Promise<void> {
  await tables.batch([
    {
      sql: `INSERT INTO webhooks VALUES ('wh_1', 'https://a.example/', 'a', ' minutebook.alert.reached ', 1, 'whsec_x', NULL, NULL, ?, 'too_many_waiting', ?)`,
      values: [AT, AT + 1],
    },
    {
      sql: `INSERT INTO alerts VALUES ('al_1', 'much', 'cost', '5', NULL, 'ann', 'USD', '2026-10', ?)`,
      values: [AT],
    },
    {
      sql: `INSERT INTO happenings VALUES ('msg_1', 'minutebook.alert.reached', '{}', ?, 1)`,
      values: [AT],
    },
    {
      sql: `INSERT INTO deliveries VALUES ('dlv_1', 'wh_1', 'msg_1', 'waiting', 2, 2, 500, 'answered 500', ?, ?)`,
      values: [AT + 5_000, AT],
    },
    { sql: `INSERT INTO follower VALUES ('happenings', 17)` },
  ]);
}

const rowsOf = async (tables: KeptTables) => {
  const all: unknown[] = [];
  for (const table of TABLES) all.push(await tables.all(`SELECT * FROM ${table}`));
  return all;
};

describeWithPostgres('the tables kept with the keys, when a ledger moves to PostgreSQL', () => {
  let database: TestDatabase;
  let close: () => Promise<void>;
  let there: PostgresKeptTables;
  let file: SqliteKeptTables;

  beforeEach(async () => {
    database = await newDatabase();
    await migrateSchema(database.url, KEPT_SCHEMA, KEPT_MIGRATIONS);
    const pool = openPool(database.url, KEPT_SCHEMA, () => undefined, 2);
    close = () => pool.end();
    there = new PostgresKeptTables(pool);
    file = SqliteKeptTables.in(new Database(':memory:'));
    await fill(file);
  });
  afterEach(async () => {
    await close();
    await database.drop();
  });

  it('are copied: webhooks, alerts, happenings, deliveries and the position of the follower', async () => {
    await adoptKept(file, there);
    expect(await rowsOf(there)).toEqual(await rowsOf(file));
  });

  it('are copied page by page, however many rows they have', async () => {
    const many = Array.from({ length: 1_234 }, (_, number) => ({
      sql: `INSERT INTO happenings VALUES (?, 'minutebook.alert.reached', '{}', ?, 0)`,
      values: [`msg_${String(9_999 - number)}x`, AT],
    }));
    await file.batch(many);
    await adoptKept(file, there);
    const idsIn = (tables: KeptTables) => tables.all('SELECT id FROM happenings ORDER BY id');
    expect(await idsIn(there)).toHaveLength(1_235);
    expect(new Set((await idsIn(there)).map((row) => JSON.stringify(row)))).toEqual(
      new Set((await idsIn(file)).map((row) => JSON.stringify(row))),
    );
  });

  it('are copied once: a webhook deleted since does not come back', async () => {
    await adoptKept(file, there);
    await there.batch([{ sql: 'DELETE FROM deliveries' }, { sql: 'DELETE FROM webhooks' }]);
    await there.batch([{ sql: 'DELETE FROM alerts' }]);
    await adoptKept(file, there);
    expect(await there.all('SELECT id FROM webhooks')).toEqual([]);
    expect(await there.all('SELECT id FROM deliveries')).toEqual([]);
  });

  it('are copied entirely or not at all: the next start tries again', async () => {
    await file.batch([{ sql: `UPDATE follower SET name = char(0) || name` }]);
    await expect(adoptKept(file, there)).rejects.toThrow();
    expect(await there.all('SELECT id FROM webhooks')).toEqual([]);
    await file.batch([{ sql: `UPDATE follower SET name = 'happenings'` }]);
    await adoptKept(file, there);
    expect(await rowsOf(there)).toEqual(await rowsOf(file));
  });
});

describe('the tables kept with the keys', () => {
  it('are all copied when a ledger moves, with every column', async () => {
    const from = new Database(':memory:');
    const to = new Database(':memory:');
    const [old, next] = [SqliteKeptTables.in(from), SqliteKeptTables.in(to)];
    // Which steps have run there, and what the gate there has settled.
    const own = ['kept_steps', 'settled'];
    const names = from.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'");
    const tables = names
      .pluck()
      .all()
      .filter((name) => !own.includes(name));
    for (const table of tables) {
      const columns = from.pragma(`table_info(${table})`) as { type: string }[];
      const values = columns.map(({ type }, at) => (type === 'TEXT' ? `'text ${at}'` : String(at)));
      from.exec(`INSERT INTO ${table} VALUES (${values.join(', ')})`);
    }
    await adoptKept(old, next);
    await adoptPersonalKeys(old, next);
    const rowsIn = (db: Database.Database) =>
      tables.map((table) => [table, db.prepare(`SELECT * FROM ${table}`).all()]);
    expect(tables.length).toBeGreaterThan(5);
    expect(rowsIn(to)).toEqual(rowsIn(from));
  });
});
