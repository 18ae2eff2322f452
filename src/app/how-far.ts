import type { FastifyReply, FastifyRequest } from 'fastify';

import type { LedgerHead } from '../ledger/ledger-head';
import type { Asking } from '../snapshots/answers';

/** What is known of a request's answer. */
interface Carrier {
  readonly asking?: Asking;
  /** How far the read model was when the request was let through. */
  readonly readFrom?: number;
}

/**
 * Says of every answer to a read how far it is: the position of the last event in it, and how many are recorded and not yet
 * in it.
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
