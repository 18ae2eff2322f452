import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply } from 'fastify';

import { AppModule, type Parts } from './app.module';
import { MAX_BATCH_BYTES, MAX_BODY_BYTES } from '../http/body';
import {
  answerParserError,
  answerRefusals,
  MAX_HEAD_BYTES,
  SERVER_OPTIONS,
  refusedAtOnce,
} from '../http/below-the-router';
import type { Refuse } from '../http/built-files';
import { AtLeastGuard } from '../usage/at-least.guard';
import { tagPastAnswers } from '../http/entity-tag';
import { serveEventDescription } from '../http/asyncapi/serve';
import { isOfApiDescription, serveApiDescription } from '../http/openapi/serve';
import { logRequests, newRequestId } from '../http/request-log';
import { ParameterPipe } from '../http/parameter.pipe';
import { tellHowFar } from './how-far';
import { Problem } from '../http/problem';
import { ProblemFilter, sendProblem } from '../http/problem.filter';
import { BATCH_DOORS } from '../ingestion/events.controller';
import { spoolBodies } from '../http/spooled-body';
import { RouteTable } from '../http/route-table';
import { setSafeHeaders } from '../http/safe-headers';
import { WriteQueryGuard } from '../http/write-query.guard';
import type { CursorSeal } from '../security/http/cursor-seal';
import { CHECKPOINT_ROUTE } from '../proofs/published/checkpoint.controller';
import { guardRoutes, type Authenticator } from '../security/http/guard';
import { limitRates, type Allowance } from '../security/http/rate-limits';
import { loadTlsFiles, type TlsFiles } from '../config/tls-files';
import type { TrustProxy } from '../config/trust-proxy';
import { builtConsole, serveConsole } from '../console/console';
import type { Provider } from '../console/provider';
import { builtGuide, serveGuide } from '../guide/guide';
import { followTlsFiles } from './tls';

/** Who may come in, and what they are given to find their place again. */
export interface Door {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
}

/** How the address is served. */
export interface Entrance {
  readonly tls: TlsFiles | undefined;
  readonly trustProxy: TrustProxy;
  readonly rateLimits: Allowance;
  /** Whom people may sign in to the console through, if anybody. */
  readonly provider?: Provider | undefined;
}

/** Makes the HTTP application over parts that are there already. */
export async function createHttp(
  parts: Parts,
  door: Door,
  { tls, trustProxy, rateLimits, provider }: Entrance,
  logger: LoggerService | false,
  routes = new RouteTable(),
): Promise<NestFastifyApplication> {
  const options = {
    genReqId: newRequestId,
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    // A client that keeps its connection, or never reads its answer, does not keep the service from stopping.
    forceCloseConnections: true,
    rewriteUrl: ({ url = '/' }) => withoutTrailingSlash(url),
    // Whether an id is too long, its own check says.
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
    ...(tls === undefined
      ? { http: SERVER_OPTIONS }
      : { https: { ...SERVER_OPTIONS, ...loadTlsFiles(tls) } }),
    clientErrorHandler: (error: Error, socket: Socket) => answerParserError(routes, error, socket),
    // What the router itself refuses never comes to Nest and its filter.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, badPath()),
  };
  // The type is of plain HTTP; Fastify itself takes both.
  const adapter = new FastifyAdapter(options as FastifyHttpOptions<Server>);
  const fastify = adapter.getInstance();
  if (tls !== undefined) followTlsFiles(fastify.server as TlsServer, tls);
  answerRefusals(fastify.server, routes);
  logRequests(fastify);
  fastify.addHook('onRequest', (request, reply, done) => {
    const problem = refusedAtOnce(request, routes);
    if (problem === undefined) done();
    else sendProblem(reply.header('connection', 'close'), problem);
  });
  fastify.addHook('onRoute', (route) => {
    routes.add(route.url, [route.method].flat());
    if (BATCH_DOORS.includes(route.url)) route.bodyLimit = MAX_BATCH_BYTES;
  });
  await setSafeHeaders(fastify, isOfApiDescription, tls !== undefined);
  spoolBodies(fastify, parts.bodies);
  if (parts.checkpoints.isPublic) openToEverybody(fastify, CHECKPOINT_ROUTE);
  const filter = new ProblemFilter(routes);
  guardRoutes(fastify, {
    ...door,
    isOpen: isOfApiDescription,
    refuse: (error, request, reply) => filter.answer(error, request, reply),
  });
  fastify.addHook('onResponse', ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
    parts.metrics.answered(method, routeOptions.url ?? 'none', statusCode, elapsedTime / 1_000);
    done();
  });
  await limitRates(fastify, rateLimits);
  const refuse: Refuse = (problem, request, reply) => filter.answer(problem, request, reply);
  await serveConsole(fastify, builtConsole(), refuse, provider);
  await serveGuide(fastify, builtGuide(), refuse);
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
  app.useGlobalFilters(filter);
  app.useGlobalGuards(new WriteQueryGuard(), new AtLeastGuard(parts.projector));
  app.useGlobalPipes(new ParameterPipe());
  serveApiDescription(app);
  serveEventDescription(fastify);
  return app;
}

/** A slash after a path of the API names the same: who joins addresses from parts may leave one. */
function withoutTrailingSlash(url: string): string {
  return url.replace(/^(\/(?:v1|api|health)\/[^?]*[^/?])\/(?=\?|$)/, '$1');
}

/** What the configuration opens; it must come before the routes are guarded. */
function openToEverybody(fastify: FastifyInstance, url: string): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === url) route.config = { ...route.config, access: 'everybody' };
  });
}

function badPath(): Problem {
  return new Problem(
    'invalid_parameter',
    'The path is not percent-encoded UTF-8: a % is written %25.',
  );
}
