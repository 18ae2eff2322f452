import type { Connection, Connections } from '../../postgres/pool';
import { inTransaction, query } from '../../postgres/statements';
import {
  makeSigningKey,
  readSigningKey,
  writeSigningKey,
  type SigningKey,
  type SigningKeys,
} from '../signing-keys';

interface KeyRow {
  readonly private_key: string;
  readonly created_at: number;
}

/** Signing keys in a table that several instances share. Anybody who can read the database can read them. */
export class PostgresSigningKeys implements SigningKeys {
  constructor(private readonly connections: Connections) {}

  async all(now: number): Promise<readonly [SigningKey, ...SigningKey[]]> {
    const [newest, ...older] = await query(this.connections, readKeys);
    if (newest !== undefined) return [newest, ...older];
    return inTransaction(this.connections, async (connection) => {
      // If several instances start at once, one makes the key; the others wait and find it.
      await connection.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
      const [made, ...rest] = await readKeys(connection);
      return made === undefined ? [await makeKey(connection, now)] : [made, ...rest];
    });
  }

  /** Returns the existing keys, newest first; makes none. */
  known(): Promise<readonly SigningKey[]> {
    return query(this.connections, readKeys);
  }

  /**
   * Copies keys from another place, newest first, unless there is a key here already. Meanwhile, no other instance makes
   * one, so none gets past that step of its start.
   * @param before copies what must be here before the keys are.
   * @returns the keys that are here now.
   */
  adopt(keys: readonly SigningKey[], before: () => Promise<void>): Promise<readonly SigningKey[]> {
    return inTransaction(this.connections, async (connection) => {
      await connection.query('LOCK TABLE signing_keys IN EXCLUSIVE MODE');
      const there = await readKeys(connection);
      if (there.length > 0) return there;
      // This connection does nothing while others copy, which may take long.
      await connection.query('SET LOCAL idle_in_transaction_session_timeout = 0');
      await before();
      for (const key of [...keys].reverse()) await insertKey(connection, key);
      return keys;
    });
  }

  rotate(now: number): Promise<SigningKey> {
    return query(this.connections, (connection) => makeKey(connection, now));
  }
}

async function readKeys(connection: Connection): Promise<SigningKey[]> {
  const { rows } = await connection.query<KeyRow>(
    'SELECT private_key, created_at FROM signing_keys ORDER BY id DESC',
  );
  return rows.map((row) => readSigningKey(row.private_key, row.created_at));
}

async function makeKey(connection: Connection, now: number): Promise<SigningKey> {
  const key = makeSigningKey(now);
  await insertKey(connection, key);
  return key;
}

async function insertKey(connection: Connection, key: SigningKey): Promise<void> {
  await connection.query('INSERT INTO signing_keys (private_key, created_at) VALUES ($1, $2)', [
    writeSigningKey(key),
    key.createdAt,
  ]);
}
