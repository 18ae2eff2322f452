import { Injectable, type CanActivate, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { noSuchParameter } from './parameter.pipe';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the route takes parameters although it is a write. */
    takesParameters?: boolean;
  }
}

/**
 * Refuses parameters of writes, unless the route takes some. A parameter that was meant for the body must not be
 * silently ignored.
 */
@Injectable()
export class WriteQueryGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const { method, query } = request;
    if (method === 'GET' || method === 'HEAD') return true;
    if (request.routeOptions.config.takesParameters === true) return true;
    const [name] = Object.keys((query as object | undefined) ?? {});
    if (name !== undefined) throw noSuchParameter(name);
    return true;
  }
}
