import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { onlyUserOf, type Caller } from '../caller';
import { covers } from '../roles';
import { forbidden, nobody, wrongRole } from '../unauthorized';
import type { Access } from './access';
import type { CursorSeal } from './cursor-seal';

/** Finds out who holds a key or a token. */
export interface Authenticator {
  /** @throws Problem `unauthorized`; rejects with it, or with the error that prevented the check. */
  callerOf(credential: string): Caller | Promise<Caller>;
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,8192}=*) *$/i;

/** What the guard needs. */
export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
  /** Whether a path is open to everybody although its route can't say so, because a package defines that route. */
  readonly isOpen: (path: string) => boolean;
  /** Answers a request that is refused or could not be checked. */
  readonly refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Admits to each route only those who may call it, before a body is read. Denies by default: a route that does not
 * declare its access can't be added.
 */
export function guardRoutes(
  fastify: FastifyInstance,
  { authenticator, seal, isOpen, refuse }: GuardParts,
): void {
  fastify.decorateRequest('caller', null);
  fastify.addHook('onRoute', (route) => {
    if (route.config?.access === undefined && isOpen(route.url)) {
      route.config = { ...route.config, access: 'everybody' };
    }
    if (route.config?.access === undefined) {
      throw new Error(
        `${String(route.method)} ${route.url} does not declare who may call it: add Roles or Public.`,
      );
    }
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { access } = request.routeOptions.config;
    // A route that does not exist needs no guard.
    if (request.is404 || access === 'everybody') return done();
    const admit = (caller: Caller) => {
      check(caller, access, request);
      request.caller = caller;
      seal.openIn(request, caller);
    };
    try {
      const caller = authenticator.callerOf(credentialOf(request));
      if (!(caller instanceof Promise)) {
        admit(caller);
        return done();
      }
      caller.then(admit).then(
        () => done(),
        (error) => refuse(error, request, reply),
      );
    } catch (error) {
      refuse(error, request, reply);
    }
  });
  fastify.addHook('preSerialization', (request: FastifyRequest, _: FastifyReply, answer, done) =>
    done(null, seal.closeIn(request, answer)),
  );
}

function credentialOf({ headers }: FastifyRequest): string {
  const credential = BEARER.exec(headers.authorization ?? '')?.[1];
  if (credential === undefined) throw nobody();
  return credential;
}

/** @throws Problem `forbidden`, which is the same whether or not anything is at the path. */
function check(caller: Caller, access: Access | undefined, request: FastifyRequest): void {
  if (access === undefined || access === 'everybody') throw forbidden();
  if (!covers(caller.roles, access.role)) throw wrongRole(access.role, caller.roles);
  const only = onlyUserOf(caller);
  // Producers post for any user and read nothing. Any other caller who is bound to a user may ask for that user alone.
  if (access.role === 'producer' || only === null || access.checksUser) return;
  const { user_id: asked } = request.params as { readonly user_id?: string };
  if (asked !== only) throw forbidden();
}
