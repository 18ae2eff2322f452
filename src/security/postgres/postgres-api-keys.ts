import { randomBytes } from 'node:crypto';

import type { Connection, Connections } from '../../postgres/pool';
import { inTransaction, query } from '../../postgres/statements';
import {
  isLastAdmin,
  type ApiKey,
  type ApiKeys,
  type HashedKey,
  type Revocation,
} from '../keys/api-keys';
import { KEY_COLUMNS, readKeyRow, valuesOf, type KeyRow } from '../keys/key-row';

const PEPPER = 'api key pepper';
const PEPPER_BYTES = 32;

/** API keys that several instances share, in a table. */
export class PostgresApiKeys implements ApiKeys {
  /**
   * @param checks connections for {@link revocations} alone: lookups of keys that strangers invent must not delay it.
   */
  constructor(
    private readonly connections: Connections,
    private readonly checks: Connections,
  ) {}

  async pepper(): Promise<Buffer> {
    return query(this.connections, pepperOf);
  }

  async list(): Promise<readonly ApiKey[]> {
    return query(this.connections, read);
  }

  all(): Promise<readonly HashedKey[]> {
    return query(this.connections, rowsOf);
  }

  find(hash: Buffer): Promise<HashedKey | undefined> {
    return query(this.connections, async (connection) => {
      const text = `SELECT ${KEY_COLUMNS} FROM api_keys WHERE hash = $1`;
      const { rows } = await connection.query<KeyRow>(text, [hash], 'find api key');
      return rows[0] === undefined ? undefined : readKeyRow(rows[0]);
    });
  }

  add(key: HashedKey): Promise<void> {
    return query(this.connections, (connection) => insert(connection, key));
  }

  begin(make: (pepper: Buffer) => readonly HashedKey[]): Promise<boolean> {
    return alone(this.connections, async (connection) => {
      if ((await read(connection)).length > 0) return false;
      for (const key of make(await pepperOf(connection))) await insert(connection, key);
      return true;
    });
  }

  adopt(pepper: Buffer, keys: readonly HashedKey[]): Promise<boolean> {
    return alone(this.connections, async (connection) => {
      if (!(await keepPepper(connection, pepper))) return false;
      for (const key of keys) await insert(connection, key);
      return true;
    });
  }

  revoke(id: string, now: number): Promise<Revocation> {
    return alone(this.connections, async (connection) => {
      const keys = await read(connection);
      if (!keys.some((key) => key.id === id)) return 'unknown';
      if (isLastAdmin(keys, id, now)) return 'last_admin';
      await connection.query(
        'UPDATE api_keys SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL',
        [now, id],
      );
      return 'revoked';
    });
  }

  revocations(): Promise<number> {
    return query(this.checks, async (connection) => {
      const text = 'SELECT count(*) AS count FROM api_keys WHERE revoked_at IS NOT NULL';
      const { rows } = await connection.query<{ count: number }>(text, [], 'revocations');
      return rows[0]!.count;
    });
  }

  used(days: ReadonlyMap<string, string>): Promise<void> {
    return query(this.connections, async (connection) => {
      await connection.query(
        `UPDATE api_keys SET last_used_on = used.day
         FROM unnest($1::text[], $2::text[]) AS used (id, day)
         WHERE api_keys.id = used.id AND coalesce(last_used_on, '') < used.day`,
        [[...days.keys()], [...days.values()]],
      );
    });
  }
}

/** Runs one change at a time across all instances. Readers are not blocked. */
function alone<T>(
  connections: Connections,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  return inTransaction(connections, async (connection) => {
    await connection.query('LOCK TABLE api_keys IN SHARE ROW EXCLUSIVE MODE');
    return work(connection);
  });
}

async function pepperOf(connection: Connection): Promise<Buffer> {
  // If several instances start at once, one of them makes the pepper, and all find it.
  await keepPepper(connection, randomBytes(PEPPER_BYTES));
  const { rows } = await connection.query<{ value: Buffer }>(
    'SELECT value FROM secrets WHERE name = $1',
    [PEPPER],
  );
  return rows[0]!.value;
}

/** Stores the pepper. Returns false if there is one already. */
async function keepPepper(connection: Connection, pepper: Buffer): Promise<boolean> {
  const { rowCount } = await connection.query(
    'INSERT INTO secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [PEPPER, pepper],
  );
  return rowCount === 1;
}

async function read(connection: Connection): Promise<ApiKey[]> {
  return (await rowsOf(connection)).map(({ key }) => key);
}

async function rowsOf(connection: Connection): Promise<HashedKey[]> {
  const { rows } = await connection.query<KeyRow>(
    `SELECT ${KEY_COLUMNS} FROM api_keys ORDER BY created_at, id COLLATE "C"`,
  );
  return rows.map(readKeyRow);
}

async function insert(connection: Connection, key: HashedKey): Promise<void> {
  const values = valuesOf(key);
  const places = values.map((_, at) => `$${at + 1}`).join(', ');
  await connection.query(`INSERT INTO api_keys (${KEY_COLUMNS}) VALUES (${places})`, values);
}
