import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { builtFolder, serveBuiltFiles, type Refuse } from '../http/built-files';
import { Problem } from '../http/problem';
import { letLoad } from '../http/safe-headers';
import type { Provider, ProviderMetadata } from './provider';

/**
 * Limits the browser to what the console's own files do. They may reach no other host, except the token endpoint that
 * people sign in through.
 */
const pageWith = (tokenEndpoint: string | undefined) => ({
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'"],
  imgSrc: ["'self'"],
  connectSrc: ["'self'", ...(tokenEndpoint === undefined ? [] : [addressOf(tokenEndpoint)])],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
});
/** Everybody may load the files. The caller's key decides what they can show. */
const OPEN = { config: { access: 'everybody' as const, mayLoad: pageWith(undefined) } };

/** Returns the folder of the console's files; `undefined` if only the service was built. */
export function builtConsole(): string | undefined {
  return builtFolder('public');
}

/**
 * Serves finance's console at `/console/`, and redirects browsers from `/` to it.
 * @param folder what {@link builtConsole} found.
 * @param refuse answers a request for a file that does not exist.
 * @param provider that people may sign in through, if there is one.
 */
export async function serveConsole(
  fastify: FastifyInstance,
  folder: string | undefined,
  refuse: Refuse,
  provider?: Provider,
): Promise<void> {
  fastify.get('/', OPEN, (request, reply) => {
    if (isOfBrowser(request)) return reply.redirect('/console/');
    return refuse(nothingAtRoot(), request, reply);
  });
  fastify.get('/console/sign-in.json', OPEN, async (_, reply) => {
    const ways = await waysToSignIn(provider);
    return reply.header('cache-control', 'no-store').send(ways);
  });
  const files = {
    under: '/console/',
    folder,
    options: OPEN,
    notBuilt: 'The console is not built. Run npm run build, then start the service again.',
    noSuchFile: 'The console has no such file. It begins at /console/.',
    beforePage: async (reply: FastifyReply) => {
      letLoad(reply, pageWith((await provider?.metadata())?.token_endpoint));
    },
  };
  await serveBuiltFiles(fastify, files, refuse);
}

/** Returns what the console may know before anybody signs in: nothing of the ledger, and no secret. */
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
  /** `null` if the console opens only with keys and tokens that people already have. */
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

/** A content security policy names an address without its query. */
function addressOf(endpoint: string): string {
  const { origin, pathname } = new URL(endpoint);
  return origin + pathname;
}

function isOfBrowser({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').toLowerCase().includes('text/html');
}

function nothingAtRoot(): Problem {
  return new Problem(
    'not_found',
    'There is nothing here. The console is at /console/, the documentation at /docs/guide/, the API at /docs and /openapi.json.',
  );
}
