import type { Connection, Connections } from './pool';

/** Runs a statement on a connection of its own. */
export async function query<T>(
  connections: Connections,
  work: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await connections.connect();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}

/**
 * Runs statements on one connection, all or none.
 * @param begin the statement that begins the transaction.
 */
export function inTransaction<T>(
  connections: Connections,
  work: (connection: Connection) => Promise<T>,
  begin = 'BEGIN',
): Promise<T> {
  return query(connections, async (connection) => {
    await connection.query(begin);
    try {
      const done = await work(connection);
      await connection.query('COMMIT');
      return done;
    } catch (error) {
      await rollBack(connection);
      throw error;
    }
  });
}

/** Undoes a transaction. If that fails, the connection is gone, and the transaction with it. */
export async function rollBack(connection: Connection): Promise<void> {
  await connection.query('ROLLBACK').catch(() => undefined);
}
