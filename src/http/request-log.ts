import { randomUUID } from 'node:crypto';

import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { LogLine } from '../logging/log-line';
import { requestContext, type RequestContext } from '../logging/request-context';
import { beginSpan, endSpan } from './request-span';
import { readTraceparent } from './traceparent';

/** The header that gives the caller the request's name in the log. */
const REQUEST_ID = 'x-request-id';

declare module 'fastify' {
  interface FastifyRequest {
    logContext: RequestContext | undefined;
  }
}

/** Makes a name for a request. Callers can't choose it, because they might put a person's name into the log. */
export const newRequestId = (): string => randomUUID();

/**
 * Gives each request a name, and a trace if it brings a `traceparent`. Every log line for the request has both. One
 * line gives the result, or says that the client left. It names the route as declared, because a real path may name a
 * user.
 */
export function logRequests(fastify: FastifyInstance): void {
  const logger = new Logger('http');
  fastify.decorateRequest('logContext', undefined);
  fastify.addHook('onRequest', (request, reply, done) => {
    const { traceparent } = request.headers;
    const given = typeof traceparent === 'string' ? traceparent : undefined;
    const span = beginSpan(request.method, given);
    const traceId = span.isRecording()
      ? span.spanContext().traceId
      : readTraceparent(given)?.traceId;
    request.logContext = { requestId: request.id, traceId, span };
    // After the answer, or when the client leaves before its end.
    reply.raw.once('close', () => logResult(logger, request, reply));
    void reply.header(REQUEST_ID, request.id);
    requestContext.run(request.logContext, done);
  });
  // The body's stream calls back outside the context that `onRequest` entered, so enter it again.
  fastify.addHook('preValidation', (request, _reply, done) => {
    if (request.logContext === undefined) done();
    else requestContext.run(request.logContext, done);
  });
}

/** Ends the request's span and logs its result. If the answer was not sent whole, span and line have no status. */
function logResult(logger: Logger, request: FastifyRequest, reply: FastifyReply): void {
  const { method, routeOptions, logContext } = request;
  const route = routeOptions.url ?? 'none';
  const status = reply.raw.writableFinished ? reply.statusCode : undefined;
  if (logContext?.span !== undefined) endSpan(logContext.span, method, route, status);
  const line = new LogLine(`${method} ${route}: ${status ?? 'the client left'}`, {
    method,
    route,
    ...(status === undefined ? {} : { status }),
    ms: Math.round(reply.elapsedTime * 1_000) / 1_000,
  });
  if (logContext === undefined) logger.debug(line);
  else requestContext.run(logContext, () => logger.debug(line));
}
