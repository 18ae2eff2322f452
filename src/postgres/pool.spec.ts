import { eventually } from '../../test/support/eventually';
import { describeWithPostgres, newDatabase, type TestDatabase } from '../../test/support/postgres';
import { TcpProxy } from '../../test/support/tcp-proxy';
import { PostgresUnavailableError } from './unavailable';
import { openPool, type Connections } from './pool';

describeWithPostgres('connections to PostgreSQL', () => {
  let database: TestDatabase;
  let proxy: TcpProxy;
  let pool: Connections;
  const reported: unknown[] = [];
  const ask = async <R>(text: string, values: readonly unknown[] = []) => {
    const connection = await pool.connect();
    try {
      return (await connection.query<R>(text, values)).rows;
    } finally {
      connection.release();
    }
  };

  beforeAll(async () => {
    database = await newDatabase();
    proxy = await TcpProxy.start(database.url);
    pool = openPool(proxy.url, 'public', (error) => reported.push(error), 2, {
      statement_timeout: 400,
    });
  });
  afterAll(async () => {
    await pool.end();
    await proxy.down();
    await database.drop();
  });

  it('return whole numbers beyond 32 bits as numbers', async () => {
    expect(await ask('SELECT $1::bigint AS large', [2 ** 53 - 1])).toEqual([
      { large: 2 ** 53 - 1 },
    ]);
  });

  it('keep no locks for an instance that hangs or is gone', async () => {
    const names = ['idle_in_transaction_session_timeout', 'tcp_keepalives_idle'];
    const set = await ask<{ name: string; setting: string }>(
      'SELECT name, setting FROM pg_settings WHERE name = ANY($1) ORDER BY name',
      [names],
    );
    expect(set.map(({ setting }) => setting)).toEqual(['60000', '10']);
  });

  it('pass on errors of a statement unchanged', async () => {
    await expect(ask('SELECT nothing')).rejects.toMatchObject({ code: '42703' });
    expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('end a statement that takes too long', async () => {
    await expect(ask('SELECT pg_sleep(5)')).rejects.toThrow(PostgresUnavailableError);
    expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('give up on a server that never answers, and reuse that connection for nobody', async () => {
    proxy.set('hold');
    await expect(ask('SELECT 2 AS two')).rejects.toThrow(/it took too long to answer/);
    proxy.set('pass');
    expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('report a broken one, and open another', async () => {
    await ask('SELECT 1');
    proxy.cut();
    await eventually(() => reported.length > 0);
    expect(reported).toEqual([expect.any(PostgresUnavailableError)]);
    expect(await ask('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('reveal nothing of the address', async () => {
    await proxy.down();
    const failed = ask('SELECT 1');
    await expect(failed).rejects.toThrow(/^PostgreSQL cannot be reached: ECONN[A-Z]+\.$/);
    await proxy.up();
    const other = new URL(database.url);
    other.password = 'a-secret';
    const wrong = openPool(other.href, 'public', () => undefined);
    await expect(wrong.connect()).rejects.not.toThrow(/a-secret/);
    await wrong.end();
  });

  it.each([
    ['a password that was changed', { password: 'old' }, /password authentication failed/],
    ['a database that is gone', { pathname: '/gone' }, /database "gone" does not exist/],
  ])('count %s as a trouble that may pass, and say what to check', async (_, changed, reason) => {
    const url = Object.assign(new URL(database.url), changed);
    const refused = openPool(url.href, 'public', () => undefined);
    const failed = refused.connect();
    await expect(failed).rejects.toThrow(PostgresUnavailableError);
    await expect(failed).rejects.toThrow(reason);
    await expect(failed).rejects.toThrow(/Check the user, password and database of READ_MODEL_URL/);
    await refused.end();
  });
});
