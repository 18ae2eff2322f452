import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import type { LedgerHead } from '../ledger/ledger-head';
import type { Asking } from '../snapshots/answers';

/** What guards and handlers have noted on a request about its answer. */
interface Carrier {
  readonly asking?: Asking;
  /** The read model's position when the request passed the guards. */
  readonly readFrom?: number;
}

/**
 * Adds two headers to every successful answer to a read below `/v1/`: the position that it reflects, and how many
 * recorded events it lacks (0 for an answer about the past). `reply.howFar()` returns them for an answer that is
 * written without Fastify. A write that is answered without a body, or with a job, has the ledger's head in a header, as
 * far as this instance knows it: such a write is not in the ledger, so it must not fail if the event store does not
 * answer.
 */
export function tellHowFar(fastify: FastifyInstance, head: LedgerHead): void {
  fastify.decorateReply('howFar', function () {
    return headersOf(this.request, head);
  });
  fastify.addHook('onSend', (request, reply, payload, done) => {
    if (isRead(request) && isAnswer(reply)) void reply.headers(reply.howFar());
    if (isOurs(request) && (reply.statusCode === 202 || reply.statusCode === 204)) {
      void reply.header('minutebook-position', String(head.position));
    }
    done(null, payload);
  });
}

function isOurs({ url }: FastifyRequest): boolean {
  return url.startsWith('/v1/');
}

function isRead(request: FastifyRequest): boolean {
  return (request.method === 'GET' || request.method === 'HEAD') && isOurs(request);
}

function isAnswer({ statusCode: status }: FastifyReply): boolean {
  return (status >= 200 && status < 300) || status === 304;
}

function headersOf(request: FastifyRequest, head: LedgerHead): Record<string, string> {
  const { asking, readFrom } = request as Carrier;
  const position = asking?.position ?? readFrom;
  if (position === undefined) return {};
  const behind = asking?.isPast === true ? 0 : head.behind(position);
  return { 'minutebook-position': String(position), 'minutebook-behind': String(behind) };
}
