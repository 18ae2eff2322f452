import type { Connection, Connections } from '../../postgres/pool';

/**
 * Connections whose transactions hold the live checkpoints from their begin on, so that no other read model takes their
 * place meanwhile (`next-schema.ts`). The lock comes before the snapshot: who had to wait for it sees what is live then.
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
