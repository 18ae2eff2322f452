import type { Connection, Connections, Result } from '../../postgres/pool';
import { rollBack } from '../../postgres/statements';

/**
 * Returns connections whose transactions lock the live checkpoints from the start, so that no other read model can take
 * their place meanwhile (`next-schema.ts`). The lock comes before the snapshot: a transaction that had to wait for it
 * sees what is live after that.
 */
export function withSnapshots(connections: Connections): Connections {
  return {
    connect: async () => {
      const connection = await connections.connect();
      return {
        query: <R>(text: string, values?: readonly unknown[], name?: string) =>
          isBegin(text)
            ? openAndLock<R>(connection, text)
            : connection.query<R>(text, values, name),
        release: () => connection.release(),
      } satisfies Connection;
    },
    end: () => connections.end(),
  };
}

function isBegin(text: string): boolean {
  return /^(start transaction|begin)/i.test(text);
}

async function openAndLock<R>(connection: Connection, begin: string): Promise<Result<R>> {
  try {
    return await connection.query<R>(`${begin}; LOCK TABLE checkpoints IN ACCESS SHARE MODE`);
  } catch (error) {
    // The transaction may have begun. Nobody else would end it, and the next user of the connection would find it.
    await rollBack(connection);
    throw error;
  }
}
