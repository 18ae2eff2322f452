import type { Socket } from 'node:net';

import type { FastifyInstance } from 'fastify';

import { socketsOf } from './end-of-requests';

/** How long a client may take nothing of an answer that waits for it, in milliseconds. */
const UNREAD_MS = 60_000;
/** How often its connection is looked at meanwhile. After a pause of the whole process, one look would tell nothing. */
const LOOKS = 6;

/** What Node knows about the writes of a connection, below any TLS. */
interface Handle {
  readonly bytesWritten: number;
  /** How many of them the system has not taken yet. */
  readonly writeQueueSize: number;
}

/**
 * Ends connections whose clients take nothing of their answers, which would stay in memory for as long as a client
 * likes. A client that reads slowly keeps its connection. Node's own timeout of a connection is no such bound: any byte
 * that the client sends begins it again.
 */
export function endUnreadAnswers(fastify: FastifyInstance, unreadMs = UNREAD_MS): void {
  const sockets = socketsOf(fastify.server);
  const seen = new WeakMap<Socket, { readonly taken: number; readonly looks: number }>();
  const timer = setInterval(() => {
    for (const socket of sockets) {
      const { bytesWritten, writeQueueSize } = handleOf(socket);
      const taken = bytesWritten - writeQueueSize;
      const before = seen.get(socket);
      const stands = writeQueueSize > 0 && taken === before?.taken;
      const looks = stands ? before.looks + 1 : 0;
      if (looks < LOOKS) seen.set(socket, { taken, looks });
      else socket.destroy();
    }
  }, unreadMs / LOOKS).unref();
  fastify.addHook('onClose', (_, done) => {
    clearInterval(timer);
    done();
  });
}

function handleOf(socket: Socket): Handle {
  const { _handle: handle } = socket as Socket & { readonly _handle?: Handle | null };
  return handle ?? { bytesWritten: 0, writeQueueSize: 0 };
}
