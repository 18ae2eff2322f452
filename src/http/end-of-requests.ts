import type { ServerResponse } from 'node:http';
import type { Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { FastifyInstance } from 'fastify';

import { Problem } from './problem';
import { sendProblem } from './problem.filter';

/** How long a stop waits for the answers to requests under way, in milliseconds. */
const MOST_MS = 5_000;
const LOOK_MS = 10;

/**
 * Lets requests under way get their answers before a stop closes their connections, and refuses new ones. An answer may
 * be the only one that shows a new key. Answers that have begun and go on are streams, and are not waited for.
 */
export function awaitRequestsAtStop(fastify: FastifyInstance, mostMs = MOST_MS): void {
  const underWay = new Set<ServerResponse>();
  let stopping = false;
  fastify.addHook('onRequest', (_request, reply, done) => {
    if (stopping) {
      const detail = 'The service is stopping. Send the same request again.';
      return sendProblem(reply, new Problem('store_unavailable', detail));
    }
    underWay.add(reply.raw);
    reply.raw.once('close', () => underWay.delete(reply.raw));
    done();
  });
  fastify.addHook('preClose', async () => {
    stopping = true;
    const end = performance.now() + mostMs;
    while ([...underWay].some(isAwaited) && performance.now() < end) await sleep(LOOK_MS);
  });
}

/**
 * Ends all connections at a stop. With TLS, Node does not close a connection whose handshake is not over, and would wait
 * two minutes for it. Add it after {@link awaitRequestsAtStop}.
 */
export function endConnectionsAtStop(fastify: FastifyInstance): void {
  const sockets = socketsOf(fastify.server);
  fastify.addHook('preClose', (done) => {
    for (const socket of sockets) socket.destroy();
    done();
  });
}

/** Returns the open connections of a server that does not listen yet, also those in a handshake. */
export function socketsOf(server: Server): ReadonlySet<Socket> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
}

function isAwaited({ headersSent, writableEnded, writableFinished }: ServerResponse): boolean {
  return !headersSent || (writableEnded && !writableFinished);
}
