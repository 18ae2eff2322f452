import type { FastifyInstance, FastifyRequest } from 'fastify';

import { builtFolder, serveBuiltFiles, type Refuse } from '../http/built-files';
import { Problem } from '../http/problem';

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
  return builtFolder('public');
}

/**
 * Serves finance's console at `/console/`, and leads browsers from `/` to it.
 * @param folder what {@link builtConsole} found.
 * @param refuse answers a request for what is not there.
 */
export async function serveConsole(
  fastify: FastifyInstance,
  folder: string | undefined,
  refuse: Refuse,
): Promise<void> {
  fastify.get('/', OPEN, (request, reply) => {
    if (isOfBrowser(request)) return reply.redirect('/console/');
    return refuse(nothingAtRoot(), request, reply);
  });
  const files = {
    under: '/console/',
    folder,
    options: OPEN,
    notBuilt: 'The console is not built. Run npm run build, then start the service again.',
    noSuchFile: 'The console has no such file. It begins at /console/.',
  };
  await serveBuiltFiles(fastify, files, refuse);
}

function isOfBrowser({ headers }: FastifyRequest): boolean {
  return (headers.accept ?? '').toLowerCase().includes('text/html');
}

function nothingAtRoot(): Problem {
  return new Problem('not_found', 'There is nothing here. The API is described at /openapi.json.');
}
