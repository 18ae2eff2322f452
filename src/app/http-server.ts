import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyReply } from 'fastify';

import { AppModule, type Parts } from './app.module';
import { MAX_BODY_BYTES } from '../http/body';
import { AtLeastGuard } from '../usage/at-least.guard';
import { tagPastAnswers } from '../http/entity-tag';
import { serveApiDescription } from '../http/openapi/serve';
import { ParameterPipe } from '../http/parameter.pipe';
import { tellHowFar } from './how-far';
import { Problem } from '../http/problem';
import { ProblemFilter, sendProblem } from '../http/problem.filter';
import { RouteTable } from '../http/route-table';
import { WriteQueryGuard } from '../http/write-query.guard';

/** As long as Node lets a request's head be: whether an id is too long, its own check says. */
const MAX_PARAM_LENGTH = 16 * 1024;

/** Makes the HTTP application over parts that are there already. */
export async function createHttp(
  parts: Parts,
  logger: LoggerService | false,
  routes = new RouteTable(),
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: MAX_BODY_BYTES,
    // A client that keeps its connection, or never reads its answer, does not keep the service from stopping.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: MAX_PARAM_LENGTH },
    // What the router itself refuses never comes to Nest and its filter.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, badPath()),
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => routes.add(route.url, [route.method].flat()));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false,
    logger,
  });
  fastify.addHook('onSend', tagPastAnswers);
  fastify.addHook('onSend', tellHowFar(parts.ledgerHead));
  // Bodies come as bytes: how deep, how long and in what encoding they are is looked at before they are parsed.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.useGlobalFilters(new ProblemFilter(routes));
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
