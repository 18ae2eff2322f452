import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { GoneAwayError } from '../http/gone-away';
import type { Asking } from '../snapshots/answers';

/** A request that carries its {@link Asking}. */
interface Carrier {
  asking?: Asking;
}

/** Injects the request's {@link Asking}. Its signal aborts if the connection ends before the whole answer is sent. */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): Asking => {
  const http = context.switchToHttp();
  return askingOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});

/** Returns the request's {@link Asking}, which also receives facts about the answer once there is one. */
function askingOf(request: FastifyRequest, reply: FastifyReply): Asking {
  const carrier = request as Carrier;
  if (carrier.asking !== undefined) return carrier.asking;
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new GoneAwayError());
  });
  return (carrier.asking = { signal: gone.signal });
}
