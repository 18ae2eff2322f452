import type { FastifyReply, FastifyRequest } from 'fastify';

import type { Job, Outcome } from './jobs';

const HEARTBEAT_MS = 15_000;

/** A job as it stands, or followed as server-sent events where these are asked for. */
export function answerJob<O extends Outcome>(
  job: Job<O>,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  if (wantsEvents(request.headers.accept)) streamJob(job, reply);
  else void reply.send(job.view());
}

/**
 * Follows a job as server-sent events: `progress` whenever it is told, one `result` with the job as it ended, then the
 * end. Comments in between keep the connection. A client that goes away leaves the job as it is; one that reads too
 * slowly is spared progress.
 */
export function streamJob<O extends Outcome>(
  job: Job<O>,
  reply: FastifyReply,
  heartbeatMs = HEARTBEAT_MS,
): void {
  reply.hijack();
  const { raw } = reply;
  raw.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    // Proxies pass events on at once.
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

/** Whether a client asks for server-sent events. */
export function wantsEvents(accept: string | undefined): boolean {
  return /(^|[,\s])text\/event-stream\s*(;|,|$)/i.test(accept ?? '');
}
