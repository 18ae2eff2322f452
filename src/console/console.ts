import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from '../http/problem';

/** Where the build puts the console: beside the service's code, or in `dist` if that runs from its sources. */
const FOLDERS = [join(__dirname, '../public'), join(__dirname, '../../dist/public')];
/** A browser may do nothing but what the console's own files do, and speak to no other host. */
const PAGE = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
};
/** The files are for everybody. What they show, each caller's key decides. */
const OPEN = { config: { access: 'everybody' as const }, helmet: PAGE };

/** The folder that holds the console's files; `undefined` if only the service was built. */
export function builtConsole(): string | undefined {
  return FOLDERS.find((folder) => existsSync(join(folder, 'index.html')));
}

/**
 * Serves finance's console at `/console/`, and leads browsers from `/` to it.
 * @param folder what {@link builtConsole} found.
 * @param refuse answers a request for what is not there.
 */
export async function serveConsole(
  fastify: FastifyInstance,
  folder: string | undefined,
  refuse: (problem: Problem, request: FastifyRequest, reply: FastifyReply) => void,
): Promise<void> {
  await fastify.register(async (scope) => {
    scope.get('/', OPEN, (request, reply) => {
      if (isOfBrowser(request)) return reply.redirect('/console/');
      return refuse(nothingAtRoot(), request, reply);
    });
    scope.get('/console', OPEN, (_, reply) => reply.redirect('/console/'));
    if (folder === undefined) {
      scope.get('/console/*', OPEN, (request, reply) => refuse(notBuilt(), request, reply));
      return;
    }
    await scope.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    scope.get<{ Params: { '*': string } }>('/console/*', OPEN, (request, reply) => {
      const name = request.params['*'] === '' ? 'index.html' : request.params['*'];
      if (!isThere(folder, name)) return refuse(noSuchFile(), request, reply);
      void reply.header('cache-control', cachingOf(name));
      return reply.sendFile(name);
    });
  });
}

/** How a build names its files. */
const NAME = /^(assets\/)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+$/;

/** Whether a build has this file now: another build may have taken its place. */
function isThere(folder: string, name: string): boolean {
  return NAME.test(name) && existsSync(join(folder, name));
}

/** Files that carry the hash of their content in their names never change; the page that names them does. */
function cachingOf(name: string): string {
  return name.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
}

function isOfBrowser({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').toLowerCase().includes('text/html');
}

function notBuilt(): Problem {
  return new Problem(
    'not_found',
    'The console is not built. Run npm run build, then start the service again.',
  );
}

function noSuchFile(): Problem {
  return new Problem('not_found', 'The console has no such file. It begins at /console/.');
}

function nothingAtRoot(): Problem {
  return new Problem('not_found', 'There is nothing here. The API is described at /openapi.json.');
}
