import { randomBytes } from 'node:crypto';

import {
  describeWithPostgres,
  newDatabase,
  onServer,
  type TestDatabase,
} from '../../test/support/postgres';
import { migrateSchema } from './migrate';

const SCHEMA = 'a_schema';
const migrate = (url: string) => migrateSchema(url, SCHEMA, {});

describeWithPostgres('a start on a PostgreSQL that cannot be used as it is', () => {
  let database: TestDatabase | undefined;
  let role: string | undefined;
  afterEach(async () => {
    await database?.drop();
    if (role !== undefined) await onServer(`DROP ROLE ${role}`);
    database = role = undefined;
  });

  /** Returns a database's address for a user who may only connect to it. */
  const asStranger = async (password = 'secret') => {
    database = await newDatabase();
    role = `stranger_${randomBytes(4).toString('hex')}`;
    await onServer(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
    const url = new URL(database.url);
    url.username = role;
    url.password = password;
    return url;
  };

  it.each(['LATIN1', 'SQL_ASCII'])('refuses a database that is encoded in %s', async (encoding) => {
    database = await newDatabase(
      `TEMPLATE template0 ENCODING '${encoding}' LOCALE_PROVIDER libc LC_COLLATE 'C' LC_CTYPE 'C'`,
    );
    await expect(migrate(database.url)).rejects.toThrow(
      new RegExp(`encoded in ${encoding}, and must be in UTF8.*CREATE DATABASE`),
    );
  });

  it('says what to grant if the user may not create a schema', async () => {
    const url = await asStranger();
    const name = url.pathname.slice(1);
    const grant = `GRANT CREATE ON DATABASE ${name} TO ${role}`;
    await expect(migrate(url.href)).rejects.toThrow(new RegExp(`permission denied.*run ${grant};`));
    await onServer(grant);
    await migrate(url.href);
    await onServer(`REVOKE CREATE ON DATABASE ${name} FROM ${role}`);
    await migrate(url.href);
  });

  it('says who must own the schema if another user owns it', async () => {
    const url = await asStranger();
    await migrate(database!.url);
    await expect(migrate(url.href)).rejects.toThrow(
      new RegExp(`schema ${SCHEMA} already exists, it must belong to ${role}`),
    );
  });

  it('names the variable, and no password, if there is no such database', async () => {
    const url = await asStranger();
    url.pathname = '/not-there';
    const refused = migrate(url.href);
    await expect(refused).rejects.toThrow(
      /connection of READ_MODEL_URL: database "not-there" does/,
    );
    await expect(refused).rejects.not.toThrow(/secret/);
  });
});
