import { existsSync } from 'node:fs';
import { join } from 'node:path';

import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { Problem } from '../http/problem';
import type { Provider, ProviderMetadata } from './provider';

/** Where the build puts the console: beside the service's code, or in `dist` if that runs from its sources. */
const FOLDERS = [join(__dirname, '../public'), join(__dirname, '../../dist/public')];
/**
 * A browser may do nothing but what the console's own files do, and speak to no other host, but to the token endpoint that
 * people sign in through.
 */
const pageWith = (tokenEndpoint: string | undefined) => ({
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'"],
      connectSrc: ["'self'", ...(tokenEndpoint === undefined ? [] : [addressOf(tokenEndpoint)])],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      frameAncestors: ["'none'"],
    },
  },
});
/** The files are for everybody. What they show, each caller's key decides. */
const OPEN = { config: { access: 'everybody' as const }, helmet: pageWith(undefined) };

/** The folder that holds the console's files; `undefined` if only the service was built. */
export function builtConsole(): string | undefined {
  return FOLDERS.find((folder) => existsSync(join(folder, 'index.html')));
}

/**
 * Serves finance's console at `/console/`, and leads browsers from `/` to it.
 * @param folder what {@link builtConsole} found.
 * @param refuse answers a request for what is not there.
 * @param provider whom people may sign in through, if anybody.
 */
export async function serveConsole(
  fastify: FastifyInstance,
  folder: string | undefined,
  refuse: (problem: Problem, request: FastifyRequest, reply: FastifyReply) => void,
  provider?: Provider,
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
    scope.get('/console/sign-in.json', OPEN, async (_, reply) => {
      const ways = await waysToSignIn(provider);
      return reply.header('cache-control', 'no-store').send(ways);
    });
    await scope.register(fastifyStatic, { root: folder, serve: false, cacheControl: false });
    scope.get<{ Params: { '*': string } }>('/console/*', OPEN, async (request, reply) => {
      const name = request.params['*'] === '' ? 'index.html' : request.params['*'];
      if (!isThere(folder, name)) {
        refuse(noSuchFile(), request, reply);
        return reply;
      }
      void reply.header('cache-control', cachingOf(name));
      if (name === 'index.html') {
        reply.helmet(pageWith((await provider?.metadata())?.token_endpoint));
      }
      return reply.sendFile(name);
    });
  });
}

/** What the console may know before anybody signed in: nothing of the ledger, and no secret. */
async function waysToSignIn(provider: Provider | undefined): Promise<WaysToSignIn> {
  if (provider === undefined) return { oidc: null };
  const metadata = await provider.metadata();
  const { issuer, clientId, scope, parameters, userClaim } = provider.choice;
  if (metadata === undefined) return { oidc: { issuer, unavailable: true } };
  return {
    oidc: { issuer, metadata, client_id: clientId, scope, parameters, user_claim: userClaim },
  };
}

interface WaysToSignIn {
  /** `null` if only keys and tokens that people have open the console. */
  readonly oidc:
    | null
    | { readonly issuer: string; readonly unavailable: true }
    | {
        readonly issuer: string;
        readonly metadata: ProviderMetadata;
        readonly client_id: string;
        readonly scope: string;
        readonly parameters: Readonly<Record<string, string>>;
        readonly user_claim: string;
      };
}

/** A policy names an address without its query. */
function addressOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return origin + pathname;
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
