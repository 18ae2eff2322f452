import helmet from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

/** What a browser may do with an answer: nothing, because answers are data. */
const NOTHING = { defaultSrc: ["'none'"], frameAncestors: ["'none'"], baseUri: ["'none'"] };
/** The page that describes the API loads its scripts and styles from this service, and has some styles inline. */
const DESCRIPTION = {
  ...NOTHING,
  connectSrc: ["'self'"],
  imgSrc: ["'self'", 'data:'],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
};

/**
 * Sets the headers that keep browsers from doing harm with an answer.
 * @param isDescription whether a path belongs to the API's description.
 * @param overTls whether to tell browsers to use only TLS.
 */
export async function setSafeHeaders(
  fastify: FastifyInstance,
  isDescription: (path: string) => boolean,
  overTls: boolean,
): Promise<void> {
  fastify.addHook('onRoute', (route) => {
    if (!isDescription(route.url)) return;
    route.helmet = { contentSecurityPolicy: { useDefaults: false, directives: DESCRIPTION } };
  });
  await fastify.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: NOTHING },
    ...(overTls ? {} : { strictTransportSecurity: false }),
  });
}
