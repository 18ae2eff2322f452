import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';
import type { Socket } from 'node:net';

import type { LoggerService } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyHttpOptions, FastifyInstance, FastifyReply } from 'fastify';

import { AppModule, type Given } from './app.module';
import type { Config } from '../config/config';
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
import { awaitRequestsAtStop, endConnectionsAtStop } from '../http/end-of-requests';
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
import type { RouteTable } from '../http/route-table';
import { setSafeHeaders } from '../http/safe-headers';
import { endUnreadAnswers } from '../http/unread-answers';
import { WriteQueryGuard } from '../http/write-query.guard';
import { CHECKPOINT_ROUTE } from '../proofs/published/checkpoint.controller';
import { guardRoutes } from '../security/http/guard';
import { limitRates } from '../security/http/rate-limits';
import { loadTlsFiles } from '../config/tls-files';
import { builtConsole, serveConsole } from '../console/console';
import type { Provider as ConsoleProvider } from '../console/provider';
import { builtGuide, serveGuide } from '../guide/guide';
import { followTlsFiles } from './tls';

/**
 * How long a whole request may take to arrive, in milliseconds. A sender that lost its network says nothing more, and
 * would otherwise hold its connection forever. Node checks this every 30 seconds.
 */
const REQUEST_MS = 600_000;

/** What the HTTP application needs: the parts, and how to serve the address. */
export interface Served extends Given {
  readonly config: Pick<Config, 'limits' | 'tls' | 'trustProxy' | 'rateLimits'>;
  /** The OpenID provider through which people sign in to the console; `undefined` if there is none. */
  readonly provider: ConsoleProvider | undefined;
  /** Receives each route as it is added. */
  readonly routes: RouteTable;
}

/** Makes the HTTP application from parts that are already open. */
export async function createHttp(
  served: Served,
  logger: LoggerService | false,
): Promise<NestFastifyApplication> {
  const { config, routes } = served;
  // The type covers plain HTTP alone; Fastify itself takes HTTPS options as well.
  const adapter = new FastifyAdapter(optionsOf(config, routes) as FastifyHttpOptions<Server>);
  const fastify = adapter.getInstance();
  const filter = new ProblemFilter(routes);
  if (config.tls !== undefined) {
    const { metrics } = served.telemetry.meter;
    const tellEnd = (end: number) => metrics.certificateEnds(end);
    followTlsFiles(fastify.server as TlsServer, config.tls, tellEnd);
  }
  refuseEarly(fastify, routes);
  await guard(fastify, served, filter);
  const refuse: Refuse = (problem, request, reply) => filter.answer(problem, request, reply);
  await serveConsole(fastify, builtConsole(), refuse, served.provider);
  await serveGuide(fastify, builtGuide(), refuse);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(served), adapter, {
    bodyParser: false,
    logger,
  });
  fastify.addHook('onSend', tagPastAnswers);
  tellHowFar(fastify, served.storage.ledgerHead);
  takeBodiesAsBytes(fastify);
  app.useGlobalFilters(filter);
  app.useGlobalGuards(new WriteQueryGuard(), new AtLeastGuard(served.projection.projector));
  app.useGlobalPipes(new ParameterPipe());
  serveApiDescription(app, fastify);
  serveEventDescription(fastify);
  return app;
}

function optionsOf({ tls, trustProxy }: Served['config'], routes: RouteTable) {
  return {
    genReqId: newRequestId,
    trustProxy: typeof trustProxy === 'object' ? [...trustProxy] : trustProxy,
    bodyLimit: MAX_BODY_BYTES,
    // Otherwise a client that keeps its connection open, or never reads its answer, would keep the service from
    // stopping.
    forceCloseConnections: true,
    // Requests that arrive meanwhile are refused with a problem ({@link awaitRequestsAtStop}).
    return503OnClosing: false,
    requestTimeout: REQUEST_MS,
    rewriteUrl: ({ url = '/' }: { url?: string | undefined }) => withoutTrailingSlash(url),
    // The router lets ids of any length through: the check of each id says when it is too long.
    routerOptions: { maxParamLength: MAX_HEAD_BYTES },
    ...(tls === undefined
      ? { http: SERVER_OPTIONS }
      : { https: { ...SERVER_OPTIONS, ...loadTlsFiles(tls) } }),
    clientErrorHandler: (error: Error, socket: Socket) => answerParserError(routes, error, socket),
    // A request that the router itself refuses never reaches Nest and its filter.
    frameworkErrors: (_error: unknown, _request: unknown, reply: FastifyReply) =>
      sendProblem(reply, badPath()),
  };
}

/** Logs every request, and refuses those that can be refused before authentication. */
function refuseEarly(fastify: FastifyInstance, routes: RouteTable): void {
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
}

/** Adds the hooks that decide who may come in, and how often. Hooks run in the order in which they are added. */
async function guard(fastify: FastifyInstance, served: Served, filter: ProblemFilter) {
  const { config, reading, admission, proofs, telemetry, bodyRoom } = served;
  setSafeHeaders(fastify, isOfApiDescription, config.tls !== undefined);
  awaitRequestsAtStop(fastify);
  endConnectionsAtStop(fastify);
  endUnreadAnswers(fastify);
  spoolBodies(fastify, reading.bodies);
  if (proofs.checkpoints.isPublic) openToEverybody(fastify, CHECKPOINT_ROUTE);
  guardRoutes(fastify, {
    ...admission.door,
    isOpen: isOfApiDescription,
    refuse: (error, request, reply) => filter.answer(error, request, reply),
  });
  const { metrics } = telemetry.meter;
  fastify.addHook('onResponse', ({ method, routeOptions }, { statusCode, elapsedTime }, done) => {
    metrics.answered(method, routeOptions.url ?? 'none', statusCode, elapsedTime / 1_000);
    done();
  });
  await limitRates(fastify, config.rateLimits);
  bodyRoom.guard(fastify, BATCH_DOORS);
}

/** Takes bodies as bytes: their depth, length and encoding are checked before they are parsed. */
function takeBodiesAsBytes(fastify: FastifyInstance): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
    done(null, body),
  );
}

/** Removes the slash at the end of an API path: clients that join addresses from parts may leave one. */
function withoutTrailingSlash(url: string): string {
  return url.replace(/^(\/(?:v1|api|health)\/[^?]*[^/?])\/(?=\?|$)/, '$1');
}

/** Opens a route to everybody, as the configuration asks. Must be called before the routes are guarded. */
function openToEverybody(fastify: FastifyInstance, url: string): void {
  fastify.addHook('onRoute', (route) => {
    if (route.url === url) route.config = { ...route.config, access: 'everybody' };
  });
}

function badPath(): Problem {
  return new Problem(
    'invalid_parameter',
    'The path is not percent-encoded UTF-8. Write a % as %25.',
  );
}
