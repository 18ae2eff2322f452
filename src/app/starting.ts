import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Config } from '../config/config';
import { loadTlsFiles } from '../config/tls-files';
import { StoreError } from '../event-store/errors';
import { PostgresUnavailableError } from '../postgres/unavailable';
import type { ReadinessView } from '../operations/health.schemas';
import { listenAt } from './listening';
import { socketsOf } from '../http/end-of-requests';
import { Problem, PROBLEM_TYPE } from '../http/problem';

type Entrance = Pick<Config, 'port' | 'host' | 'tls'>;

/** A server that answers while the service starts, and its connections. */
interface Door {
  readonly server: Server;
  readonly sockets: ReadonlySet<Socket>;
}

const PAUSE_MS = 1_000;

const NOT_READY: ReadinessView = {
  status: 'unavailable',
  event_store: 'unavailable',
  head: null,
  read_model: null,
  instance: null,
  signed_roots: null,
  background_check: null,
};

/**
 * Runs work that needs the event store or PostgreSQL. While that cannot be reached, tries again for up to `waitMs`.
 * Meanwhile the service's address answers that the service is alive and not ready, and refuses everything else.
 * @param report gets the reason for waiting, once.
 * @throws StoreError or PostgresUnavailableError when the time is up, or at once if trying again cannot help.
 */
export async function onceReachable<T>(
  work: () => Promise<T>,
  waitMs: number,
  address: Entrance,
  report: (message: string) => void,
): Promise<T> {
  const until = performance.now() + waitMs;
  let door: Door | undefined;
  try {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isPassing(error) || performance.now() >= until) throw error;
        if (door === undefined) report(`${error.message} Waiting for it.`);
        door ??= await openDoor(address);
        await sleep(PAUSE_MS);
      }
    }
  } finally {
    await closeDoor(door);
  }
}

function isPassing(error: unknown): error is Error {
  if (error instanceof PostgresUnavailableError) return true;
  return (
    error instanceof StoreError &&
    (error.code === 'unavailable' || error.code === 'outcome_unknown')
  );
}

async function openDoor(address: Entrance): Promise<Door> {
  const problem = new Problem(
    'store_unavailable',
    'The event store or the read model cannot be reached yet, and nothing was recorded. Send the request again.',
  );
  const answer: RequestListener = (request, reply) => {
    const path = request.url?.split('?', 1)[0];
    // The body of the request is never read, so the connection ends with the answer.
    reply.setHeader('connection', 'close');
    if (path === '/health/live') reply.end(JSON.stringify({ status: 'ok' }));
    else if (path === '/health/ready') {
      reply.writeHead(503, { 'content-type': 'application/json; charset=utf-8' });
      reply.end(JSON.stringify(NOT_READY));
    } else {
      reply.writeHead(problem.status, { ...problem.headers, 'content-type': PROBLEM_TYPE });
      reply.end(JSON.stringify(problem.body()));
    }
  };
  const { tls } = address;
  const server =
    tls === undefined ? createServer(answer) : createTlsServer(loadTlsFiles(tls), answer);
  const sockets = socketsOf(server);
  await listenAt(server, address);
  return { server, sockets };
}

async function closeDoor(door: Door | undefined): Promise<void> {
  if (door === undefined) return;
  const closed = new Promise((resolve) => door.server.close(resolve));
  for (const socket of door.sockets) socket.destroy();
  await closed;
}
