import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import type { FastifyInstance } from 'fastify';

import { entityTag, isKnown } from '../entity-tag';
import { describeApi } from './document';

/**
 * Whether a route belongs to the API's description: the document, the page that shows it, and that page's files. The
 * guide, which is also below `/docs`, does not.
 */
export function isOfApiDescription(path: string): boolean {
  return /^\/(docs(\/(?!guide(\/|$)).*)?|openapi\.json)$/.test(path);
}

/**
 * Serves the API's description at `/openapi.json` and a page for it at `/docs`. The description is made once, on the
 * first request: anybody may send one, and making it takes the thread that serves.
 */
export function serveApiDescription(app: NestFastifyApplication, fastify: FastifyInstance): void {
  const document = once(() => describeApi(app));
  SwaggerModule.setup('docs', app, document, { customSiteTitle: 'Minutebook API', raw: false });
  const text = once(() => JSON.stringify(document()));
  const tag = once(() => entityTag(text()));
  fastify.get('/openapi.json', { config: { access: 'everybody' } }, ({ headers }, reply) => {
    void reply.header('etag', tag()).header('cache-control', 'no-cache');
    if (isKnown(headers['if-none-match'], tag())) return reply.code(304).send();
    return reply.type('application/json').send(text());
  });
}

/** Returns a function that makes a value on its first call, and keeps it. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
