import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

import { onlyUserOf, type Caller } from '../caller';
import { covers } from '../roles';
import { forbidden, nobody, wrongRole } from '../unauthorized';
import type { Access } from './access';
import type { CursorSeal } from './cursor-seal';

/** Tells who holds a key or a token. */
export interface Authenticator {
  /** @throws Problem `unauthorized`; rejects with it, or with what keeps it from telling. */
  callerOf(credential: string): Caller | Promise<Caller>;
}

const BEARER = /^Bearer +([A-Za-z0-9._~+/-]{1,8192}=*) *$/i;

/** What the guard is made of. */
export interface GuardParts {
  readonly authenticator: Authenticator;
  readonly seal: CursorSeal;
  /** Whether a path is open to everybody though its route can't say so: it is not one of ours. */
  readonly isOpen: (path: string) => boolean;
  /** Answers a request that is refused, or could not be judged. */
  readonly refuse: (error: unknown, request: FastifyRequest, reply: FastifyReply) => void;
}

/**
 * Keeps every route to those who may call it, before a body is read. Deny by default: a route that does not say for whom
 * it is can't be added.
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
        `${String(route.method)} ${route.url} does not say for whom it is: Roles or Public.`,
      );
    }
  });
  fastify.addHook('onRequest', (request, reply, done) => {
    const { access } = request.routeOptions.config;
    // Where there is no such route, there is nothing to keep.
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

/** @throws Problem `forbidden`, the same whatever there is at the path. */
function check(caller: Caller, access: Access | undefined, request: FastifyRequest): void {
  if (access === undefined || access === 'everybody') throw forbidden();
  if (!covers(caller.roles, access.role)) throw wrongRole(access.role, caller.roles);
  const only = onlyUserOf(caller);
  if (access.role !== 'reader' || only === null || access.checksUser) return;
  const { user_id: asked } = request.params as { readonly user_id?: string };
  if (asked !== only) throw forbidden();
}
