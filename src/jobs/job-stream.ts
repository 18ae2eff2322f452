import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Job, Outcome } from './jobs';

declare module 'fastify' {
  interface FastifyReply {
    /** The headers of a read that say which position the answer reflects. */
    howFar(): Record<string, string>;
  }
}

const HEARTBEAT_MS = 15_000;

/** Answers with a job's current state, or follows it as server-sent events if the client asks for them. */
export function answerJob<O extends Outcome>(
  job: Job<O>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (wantsEvents(request.headers.accept)) streamJob(job, reply);
  else void reply.send(job.view());
}

/**
 * Follows a job as server-sent events: `progress` whenever the job reports it, then one `result` with the finished job,
 * then the end. Comments in between keep the connection open. A client that leaves does not stop the job. A client that
 * reads too slowly gets fewer `progress` events.
 */
export function streamJob<O extends Outcome>(
  job: Job<O>,
  reply: FastifyReply,
  heartbeatMs = HEARTBEAT_MS,
): void {
  reply.hijack();
  const { raw } = reply;
  // The client has left already, and 'close' is not emitted again.
  if (raw.destroyed) return;
  raw.writeHead(200, {
    ...reply.howFar(),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Makes proxies pass events on at once.
    'x-accel-buffering': 'no',
  });
  let told: unknown;
  let ended = false;
  const heartbeat = setInterval(() => {
    if (!raw.writableNeedDrain) raw.write(': still here\n\n');
  }, heartbeatMs);
  const end = () => {
    ended = true;
    clearInterval(heartbeat);
    stop();
  };
  const tell = () => {
    if (ended) return;
    if (job.progress !== null && job.progress !== told && !raw.writableNeedDrain) {
      told = job.progress;
      raw.write(eventOf('progress', job.progress));
    }
    if (!job.isFinished) return;
    end();
    raw.end(eventOf('result', job.view()));
  };
  const stop = job.onChange(tell);
  raw.once('close', end);
  raw.once('error', end);
  tell();
}

function eventOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Returns whether a client asks for server-sent events. */
export function wantsEvents(accept: string | undefined): boolean {
  return /(^|[,\s])text\/event-stream\s*(;|,|$)/i.test(accept ?? '');
}
