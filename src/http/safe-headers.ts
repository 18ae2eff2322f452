import type { FastifyInstance, FastifyReply } from 'fastify';
import helmet from 'helmet';

/** What a page may load, as directives of a Content-Security-Policy. */
export type Directives = Readonly<Record<string, readonly string[]>>;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What the pages of this route may load. By default nothing, because answers are data. */
    mayLoad?: Directives;
  }
}

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
export function setSafeHeaders(
  fastify: FastifyInstance,
  isDescription: (path: string) => boolean,
  overTls: boolean,
): void {
  const settersFor = (directives: Directives) =>
    helmet({
      contentSecurityPolicy: policyOf(directives),
      ...(overTls ? {} : { strictTransportSecurity: false }),
    });
  // Made once per kind of page: making them costs more than setting the headers.
  const setters = new Map<Directives, ReturnType<typeof settersFor>>();
  setters.set(NOTHING, settersFor(NOTHING));
  fastify.addHook('onRoute', (route) => {
    if (isDescription(route.url)) route.config = { mayLoad: DESCRIPTION, ...route.config };
    const mayLoad = route.config?.mayLoad;
    if (mayLoad !== undefined && !setters.has(mayLoad)) setters.set(mayLoad, settersFor(mayLoad));
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { mayLoad = NOTHING } = request.routeOptions.config;
    setters.get(mayLoad)!(request.raw, reply.raw, (error) => done(error as Error | undefined));
  });
}

/** Lets one answer load what its route does not know in advance. */
export function letLoad({ request, raw }: FastifyReply, directives: Directives): void {
  helmet.contentSecurityPolicy(policyOf(directives))(request.raw, raw, (error?: Error) => {
    if (error !== undefined) throw error;
  });
}

const policyOf = (directives: Directives) => ({ useDefaults: false, directives });
