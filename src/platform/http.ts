import { ValidationPipe, type LoggerService, type ValidationError } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';

import { AppModule, type Parts } from '../app.module';
import { MAX_BODY_BYTES } from '../ingestion/body';
import { AtLeastGuard } from '../usage/at-least.guard';
import { serveApiDescription } from './openapi/serve';
import { Problem } from './problem';
import { ProblemFilter } from './problem.filter';
import { RouteTable } from './route-table';

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
    routerOptions: { maxParamLength: 512 },
  });
  const fastify = adapter.getInstance();
  fastify.addHook('onRoute', (route) => routes.add(route.url, [route.method].flat()));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(parts), adapter, {
    bodyParser: false,
    logger,
  });
  // Bodies come as bytes: how deep, how long and in what encoding they are is looked at before they are parsed.
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
  app.useGlobalFilters(new ProblemFilter(routes));
  app.useGlobalGuards(new AtLeastGuard(parts.projector));
  app.useGlobalPipes(
    new ValidationPipe({
      transform: true,
      whitelist: true,
      forbidNonWhitelisted: true,
      exceptionFactory: toProblem,
    }),
  );
  serveApiDescription(app);
  return app;
}

/** The first mistake in a request's parameters, as a problem. */
function toProblem(errors: readonly ValidationError[]): Problem {
  const first = errors[0]!;
  const [rule = '', message = 'The parameter is wrong.'] =
    Object.entries(first.constraints ?? {})[0] ?? [];
  const detail =
    rule === 'whitelistValidation'
      ? `There is no parameter "${first.property.slice(0, 64)}" here: /openapi.json lists those that are.`
      : `${message}.`;
  return new Problem('invalid_parameter', detail, { pointer: `/${first.property.slice(0, 64)}` });
}
