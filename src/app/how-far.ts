import type { FastifyReply, FastifyRequest } from 'fastify';

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
 * recorded events it lacks (0 for an answer about the past).
 */
export function tellHowFar(head: LedgerHead) {
  return (
    request: FastifyRequest,
    reply: FastifyReply,
    payload: unknown,
    done: (error: null, payload: unknown) => void,
  ): void => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead && request.url.startsWith('/v1/') && isAnswer(reply.statusCode)) {
      const { asking, readFrom } = request as Carrier;
      const position = asking?.position ?? readFrom;
      if (position !== undefined) {
        const behind = asking?.isPast === true ? 0 : head.behind(position);
        void reply.header('minutebook-position', String(position));
        void reply.header('minutebook-behind', String(behind));
      }
    }
    done(null, payload);
  };
}

function isAnswer(status: number): boolean {
  return (status >= 200 && status < 300) || status === 304;
}
