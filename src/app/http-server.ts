import type { Server } from 'node:http';

import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyReply } from 'fastify';

import { AppModule, type Parts } from './app.module';
import { MAX_BODY_BYTES } from '../http/body';
import {
  answerParserError,
  answerRefusals,
  MAX_HEAD_BYTES,
  SERVER_OPTIONS,
  refusedAtOnce,
  type ParserError,
} from '../http/below-the-router';
import { AtLeastGuard } from '../usage/at-least.guard';
import { tagPastAnswers } from '../http/entity-tag';
import { isOfApiDescription, serveApiDescription } from '../http/openapi/serve';
import { ParameterPipe } from '../http/parameter.pipe';
import { Problem } from '../http/problem';
import { ProblemFilter, sendProblem } from '../http/problem.filter';
import { spoolBodies } from '../http/spooled-body';
import { RouteTable } from '../http/route-table';
import { WriteQueryGuard } from '../http/write-query.guard';
import type { CursorSeal } from '../security/http/cursor-seal';
import { guardRoutes, type Authenticator } from '../security/http/guard';

/** Who may come in, and what they are given to find their place again. */
export interface Door {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
}

/** Makes the HTTP application over parts that are there already. */
export async function createHttp(
  parts: Parts,
  door: Door,
  logger: LoggerService | false,
  routes = new RouteTable(),
): Promise<NestFastifyApplication> {
  const options: FastifyHttpOptions<Server> = {
    bodyLimit: MAX_BODY_BYTES,
    // A client that keeps its connection, or never reads its answer, does not keep the service from stopping.
    forceCloseConnections: true,
    // Whether an id is too long, its own check says.
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
    http: SERVER_OPTIONS,
    clientErrorHandler: (error, socket) =>
      answerParserError(routes, error as unknown as ParserError, socket),
    // What the router itself refuses never comes to Nest and its filter.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, badPath()),
  };
  const adapter = new FastifyAdapter(options);
  const fastify = adapter.getInstance();
  answerRefusals(fastify.server, routes);
  fastify.addHook('onRequest', (request, reply, done) => {
    const problem = refusedAtOnce(request, routes);
    if (problem === undefined) done();
    else sendProblem(reply.header('connection', 'close'), problem);
  });
  fastify.addHook('onRoute', (route) => routes.add(route.url, [route.method].flat()));
  spoolBodies(fastify);
  const filter = new ProblemFilter(routes);
  guardRoutes(fastify, {
    ...door,
    isOpen: isOfApiDescription,
    refuse: (error, request, reply) => filter.answer(error, request, reply),
  });
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false,
    logger,
  });
  fastify.addHook('onSend', tagPastAnswers);
  // Bodies come as bytes: how deep, how long and in what encoding they are is looked at before they are parsed.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.useGlobalFilters(filter);
  app.useGlobalGuards(new WriteQueryGuard(), new AtLeastGuard(parts.projector));
  app.useGlobalPipes(new ParameterPipe());
  serveApiDescription(app);
  return app;
}

function badPath(): Problem {
  return new Problem(
    'invalid_parameter',
    'The path is not percent-encoded UTF-8: a % is written %25.',
  );
}
