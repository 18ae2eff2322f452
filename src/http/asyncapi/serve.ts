import type { FastifyInstance } from 'fastify';

import { describeEvents, EVENT_SCHEMA_FILES } from './document';

/** Serves the AsyncAPI document and the schemas of producers' events under `/docs`, without a key. */
export function serveEventDescription(fastify: FastifyInstance): void {
  serve(fastify, '/docs/asyncapi.json', 'application/vnd.aai.asyncapi+json', describeEvents());
  for (const [name, schema] of Object.entries(EVENT_SCHEMA_FILES)) {
    serve(fastify, `/docs/schemas/${name}`, 'application/schema+json', schema);
  }
}

function serve(fastify: FastifyInstance, path: string, type: string, document: object): void {
  const text = JSON.stringify(document, null, 2);
  fastify.get(path, { config: { access: 'everybody' } }, (_, reply) => reply.type(type).send(text));
}
