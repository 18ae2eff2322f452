import type { Connection, Connections } from '../../postgres/pool';

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
        query: (text, values, name) => connection.query(opened(text), values, name),
        release: () => connection.release(),
      } satisfies Connection;
    },
    end: () => connections.end(),
  };
}

function opened(text: string): string {
  return /^(start transaction|begin)/i.test(text)
    ? `${text}; LOCK TABLE checkpoints IN ACCESS SHARE MODE`
    : text;
}
