import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { GoneAwayError } from '../http/gone-away';
import type { Asking } from '../snapshots/answers';

/** What a request says and is told beside its parameters and its body. */
interface Carrier {
  asking?: Asking;
}

/** Who asks, as {@link Asking}: aborted when the connection ends before the answer was sent. */
export const Asked = createParamDecorator((_: unknown, context: ExecutionContext): Asking => {
  const http = context.switchToHttp();
  return askingOf(http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
});

/** What a request learns about its answer, once there is one. */
function askingOf(request: FastifyRequest, reply: FastifyReply): Asking {
  const carrier = request as Carrier;
  if (carrier.asking !== undefined) return carrier.asking;
  const gone = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) gone.abort(new GoneAwayError());
  });
  return (carrier.asking = { signal: gone.signal });
}
